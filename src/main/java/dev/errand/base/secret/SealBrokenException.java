package dev.errand.base.secret;

/** A sealed value that can't be opened: another key sealed it, or it was altered or moved. */
public final class SealBrokenException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  SealBrokenException(String sentence) {
    super(sentence);
  }
}
