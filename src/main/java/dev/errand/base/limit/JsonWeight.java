package dev.errand.base.limit;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/**
 * An estimate of the heap size of a JSON tree, computed from its text: a tree of many small values
 * takes up to forty times its text, one of long strings twice.
 *
 * <p>The cost of each character was measured: the tests parse lists of many equal items and compare
 * the heap in use after a collection with this estimate. Fields of forms are counted as well.
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

  /** The heap size of a tree of this text in UTF-8. */
  public static long of(byte[] text) {
    JsonWeight weight = new JsonWeight();
    weight.add(text, 0, text.length);
    return weight.bytes();
  }

  /** The heap size of a tree of this text. */
  public static long of(CharSequence text) {
    JsonWeight weight = new JsonWeight();
    for (int i = 0; i < text.length(); i++) {
      weight.add(text.charAt(i));
    }
    return weight.bytes();
  }

  /** The heap size of a tree. */
  public static long of(JsonNode tree) {
    if (tree.isTextual()) {
      return STRING + (long) LETTER * tree.textValue().length();
    }
    long bytes = tree.isObject() ? OBJECT : tree.isArray() ? LIST : 0;
    for (Map.Entry<String, JsonNode> member : tree.properties()) {
      bytes += MEMBER + STRING + (long) LETTER * member.getKey().length();
      bytes += VALUE + of(member.getValue());
    }
    if (tree.isArray()) {
      for (JsonNode item : tree) {
        bytes += VALUE + of(item);
      }
    }
    return bytes;
  }

  /** The heap size of the fields of a URL-encoded form, in which quotes mean nothing. */
  public static long ofForm(CharSequence text) {
    return FIELD * (1 + text.chars().filter(next -> next == '&').count())
        + (long) LETTER * text.length();
  }

  /** Adds the next part of a text in UTF-8. */
  public void add(byte[] text, int from, int length) {
    for (int i = from; i < from + length; i++) {
      add(text[i]);
    }
  }

  /** The heap size of a tree of the text so far. */
  public long bytes() {
    return bytes;
  }

  private void add(int next) {
    if (inString && next != 0) {
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
      // A text in UTF-16 or UTF-32, which parsers detect: any of its characters may open a list.
      case 0 -> bytes += LIST;
      case '[' -> bytes += LIST;
      case ':' -> bytes += MEMBER;
      case ',' -> bytes += VALUE;
      case '&' -> bytes += FIELD;
      default -> bytes += LETTER;
    }
  }
}
