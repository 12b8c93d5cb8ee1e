package dev.errand.trigger;

/** A delivery does not prove that it is its sender's; the message is a sentence that says why. */
final class SignatureRefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  SignatureRefusedException(String sentence) {
    super(sentence);
  }
}
