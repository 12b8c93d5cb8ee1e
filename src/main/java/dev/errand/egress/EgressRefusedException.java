package dev.errand.egress;

import java.io.IOException;

/** A call to the outside that may not be made; the message says why, and may be shown. */
public final class EgressRefusedException extends IOException {
  private static final long serialVersionUID = 1L;

  /**
   * A refusal.
   *
   * @param sentence why it was refused, and by which setting it could be allowed
   */
  public EgressRefusedException(String sentence) {
    super(sentence);
  }
}
