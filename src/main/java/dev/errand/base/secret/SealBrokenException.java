package dev.errand.base.secret;

/** A sealed value that can't be opened: another key sealed it, or it was altered or moved. */
public final class SealBrokenException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final boolean ofUnknownKey;

  SealBrokenException(String sentence, boolean ofUnknownKey) {
    super(sentence);
    this.ofUnknownKey = ofUnknownKey;
  }

  /**
   * Whether a key sealed it that this process does not have. A process with that key can open it.
   */
  public boolean isOfUnknownKey() {
    return ofUnknownKey;
  }
}
