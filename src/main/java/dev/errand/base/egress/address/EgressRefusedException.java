package dev.errand.base.egress.address;

import java.io.IOException;

/** A call to the outside that may not be made; the message says why, and may be shown. */
public final class EgressRefusedException extends IOException {
  private static final long serialVersionUID = 1L;

  private final Reason reason;

  /**
   * A refusal of the request as it is.
   *
   * @param sentence why it was refused, and by which setting it could be allowed
   */
  public EgressRefusedException(String sentence) {
    this(Reason.REQUEST, sentence);
  }

  /**
   * A refusal.
   *
   * @param sentence why it was refused, and by which setting it could be allowed
   */
  public EgressRefusedException(Reason reason, String sentence) {
    super(sentence);
    this.reason = reason;
  }

  /** Why it was refused. */
  public Reason reason() {
    return reason;
  }

  /** Why a call is refused. */
  public enum Reason {
    /** Its URL, its method or a header field is not to be sent. */
    REQUEST,
    /** The caller was not granted the host. */
    NOT_GRANTED,
    /** The host or its address is on the blocklist. */
    BLOCKLIST,
    /** The host hands out a cloud machine's credentials. */
    METADATA,
    /** The address is none of the public network's. */
    ADDRESS,
    /** The port is not open. */
    PORT
  }
}
