package dev.errand.runs.entry;

/**
 * Copies the text of a stored entry, which comes in pieces, as clients see it: without the form of
 * a message that only its vendor knows, or with that as {@code raw}. So an entry of any size is
 * never whole in memory. A brief copy has the beginnings of the entry's texts, and of all of it,
 * and then {@code bytes}, the size of the whole.
 */
public final class EntryCopy {
  /** The most characters of each text in a brief copy. */
  public static final int LONGEST_TEXT = 16 * 1024;

  // From so many characters on, a brief copy has no further fields and items.
  private static final int LONGEST = 256 * 1024;

  // An entry is stored as compact JSON, and the vendor's form is never its first field.
  private static final String ORIGINAL = ",\"original\":";
  private static final String SENT = ",\"sent\":";
  private static final int HEX = 4;

  private final boolean isRaw;
  private final boolean isBrief;
  private final long bytes;
  private StringBuilder out = new StringBuilder();
  private final StringBuilder held = new StringBuilder();

  private Mode mode = Mode.COPY;
  private int depth;
  // Of how many of the open brackets the copy has the opening.
  private int copiedDepth;
  private boolean inText;
  private boolean isEscaped;
  private int hexLeft;
  private int textLength;
  private long copied;
  private boolean isCut;

  private EntryCopy(boolean isRaw, boolean isBrief, long bytes) {
    this.isRaw = isRaw;
    this.isBrief = isBrief;
    this.bytes = bytes;
  }

  private enum Mode {
    COPY,
    /** What may be the name of the vendor's form is held back. */
    HOLD,
    /** In the vendor's form, but for its message. */
    SKIP,
    /** What may be the name of the vendor's message is held back. */
    HOLD_SENT,
    /** In the vendor's message. */
    COPY_SENT,
    /** In a text, of which the beginning was copied. */
    REST_OF_TEXT,
    /** Behind what is copied: only brackets are closed. */
    REST
  }

  /**
   * The whole entry.
   *
   * @param isRaw whether it has its vendor's form of a message as {@code raw}, where that is kept
   */
  public static EntryCopy whole(boolean isRaw) {
    return new EntryCopy(isRaw, false, 0);
  }

  /**
   * The beginnings of its texts.
   *
   * @param bytes the size of the entry
   */
  public static EntryCopy brief(long bytes) {
    return new EntryCopy(false, true, bytes);
  }

  /** Copies the next piece of the entry, and returns what it adds to the copy. */
  public String of(CharSequence piece) {
    for (int i = 0; i < piece.length(); i++) {
      next(piece.charAt(i));
    }
    copied += out.length();
    String copy = out.toString();
    // Its room would be held while a slow client reads the copy.
    out = new StringBuilder();
    return copy;
  }

  private void next(char next) {
    boolean wasInText = inText;
    boolean isBoundary = inText && !isEscaped && hexLeft == 0 && !Character.isLowSurrogate(next);
    read(next);
    boolean isComma = !wasInText && next == ',';
    boolean isEnd = !wasInText && depth == 0 && next == '}';
    switch (mode) {
      case COPY -> {
        if (isComma && isBrief && copied + out.length() > LONGEST) {
          isCut = true;
          copiedDepth = depth;
          mode = Mode.REST;
        } else if (isComma && depth == 1) {
          hold(Mode.HOLD, next);
        } else if (isBrief && isBoundary && inText && textLength > LONGEST_TEXT) {
          isCut = true;
          out.append('…');
          mode = Mode.REST_OF_TEXT;
        } else {
          add(next, isEnd);
        }
      }
      case HOLD -> {
        if (!isHeld(ORIGINAL, next)) {
          out.append(held);
          mode = Mode.COPY;
        } else if (held.length() == ORIGINAL.length()) {
          mode = Mode.SKIP;
        }
      }
      case SKIP -> {
        if (isEnd) {
          add(next, true);
        } else if (isComma && depth == 1) {
          hold(Mode.HOLD, next);
        } else if (isComma && depth == 2 && isRaw) {
          hold(Mode.HOLD_SENT, next);
        }
      }
      case HOLD_SENT -> {
        if (!isHeld(SENT, next)) {
          mode = Mode.SKIP;
        } else if (held.length() == SENT.length()) {
          out.append(",\"raw\":");
          mode = Mode.COPY_SENT;
        }
      }
      case COPY_SENT -> {
        if ((isComma && depth == 2) || (!wasInText && depth == 1)) {
          mode = Mode.SKIP;
        } else {
          out.append(next);
        }
      }
      case REST_OF_TEXT -> {
        if (!inText) {
          out.append(next);
          mode = Mode.COPY;
        }
      }
      case REST -> {
        if (depth < copiedDepth) {
          copiedDepth = depth;
          add(next, isEnd);
        }
      }
    }
  }

  private void add(char next, boolean isEnd) {
    if (isEnd && isCut) {
      out.append(",\"bytes\":").append(bytes);
    }
    out.append(next);
  }

  private void hold(Mode holding, char first) {
    mode = holding;
    held.setLength(0);
    held.append(first);
  }

  private boolean isHeld(String wanted, char next) {
    boolean goesOn = wanted.charAt(held.length()) == next;
    held.append(next);
    return goesOn;
  }

  /** Follows the structure of the entry. */
  private void read(char next) {
    if (!inText) {
      switch (next) {
        case '"' -> {
          inText = true;
          textLength = 0;
        }
        case '{', '[' -> depth++;
        case '}', ']' -> depth--;
        default -> {
          // A number, a word, or what separates values.
        }
      }
      return;
    }
    textLength++;
    if (hexLeft > 0) {
      hexLeft--;
    } else if (isEscaped) {
      isEscaped = false;
      hexLeft = next == 'u' ? HEX : 0;
    } else if (next == '\\') {
      isEscaped = true;
    } else if (next == '"') {
      inText = false;
    }
  }
}
