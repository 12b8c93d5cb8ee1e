package dev.errand.base.budget;

/**
 * An estimate of the heap that a tree of JSON takes, made of its text alone: a tree of many small
 * things takes up to forty times its text, one of long strings twice.
 *
 * <p>What each mark costs was measured: lists of many like items were read, and the heap that was
 * in use after a collection was compared with this estimate, as the tests do. The fields of a form
 * are counted as well.
 */
public final class JsonWeight {
  private static final int OBJECT = 88;
  private static final int LIST = 136;
  private static final int MEMBER = 64;
  private static final int VALUE = 56;
  private static final int STRING = 64;
  private static final int FIELD = 200;
  private static final int LETTER = 2;

  private long bytes;
  private boolean inString;
  private boolean escaped;

  /** What a tree of this text in UTF-8 takes. */
  public static long of(byte[] text) {
    JsonWeight weight = new JsonWeight();
    weight.add(text, 0, text.length);
    return weight.bytes();
  }

  /** What a tree of this text takes. */
  public static long of(CharSequence text) {
    JsonWeight weight = new JsonWeight();
    for (int i = 0; i < text.length(); i++) {
      weight.add(text.charAt(i));
    }
    return weight.bytes();
  }

  /** Goes on with the next part of a text in UTF-8. */
  public void add(byte[] text, int from, int length) {
    for (int i = from; i < from + length; i++) {
      add(text[i]);
    }
  }

  /** What a tree of the text so far takes. */
  public long bytes() {
    return bytes;
  }

  private void add(int next) {
    if (inString) {
      bytes += LETTER;
      if (escaped) {
        escaped = false;
      } else if (next == '\\') {
        escaped = true;
      } else if (next == '"') {
        inString = false;
      }
      return;
    }
    switch (next) {
      case '"' -> {
        inString = true;
        bytes += STRING;
      }
      case '{' -> bytes += OBJECT;
      case '[' -> bytes += LIST;
      case ':' -> bytes += MEMBER;
      case ',' -> bytes += VALUE;
      case '&' -> bytes += FIELD;
      default -> bytes += LETTER;
    }
  }
}
