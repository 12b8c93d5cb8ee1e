package dev.errand.automation.trigger;

/** A delivery has no valid signature; the message is a sentence that says why. */
public final class SignatureRefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  SignatureRefusedException(String sentence) {
    super(sentence);
  }
}
