package dev.errand.base.egress.address;

import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A call to the outside that may not be made; the message says why, and may be shown. */
public final class EgressRefusedException extends IOException {
  private static final long serialVersionUID = 1L;

  private final Reason reason;
  private final @Nullable String host;

  /**
   * A refusal of the request as it is.
   *
   * @param sentence why it was refused, and by which setting it could be allowed
   */
  public EgressRefusedException(String sentence) {
    this(Reason.REQUEST, sentence);
  }

  /** A refusal. */
  public EgressRefusedException(Reason reason, String sentence) {
    this(reason, sentence, null);
  }

  private EgressRefusedException(Reason reason, String sentence, @Nullable String host) {
    super(sentence);
    this.reason = reason;
    this.host = host;
  }

  /** A refusal of a host that the caller was not granted. */
  static EgressRefusedException notGranted(String host) {
    return new EgressRefusedException(
        Reason.NOT_GRANTED,
        "The host "
            + host
            + " is not among the hosts that may be called; it must be granted first.",
        host);
  }

  /** The host that must be granted; empty where another reason refuses the call. */
  public Optional<String> hostToGrant() {
    return Optional.ofNullable(host);
  }

  public Reason reason() {
    return reason;
  }

  /**
   * Why it was refused, in a sentence for the user who named the address. It must not reveal the
   * addresses behind a refused name.
   *
   * @param place what was to be called, with which the sentence begins
   */
  public String sentence(String place) {
    return reason == Reason.REQUEST
        ? String.valueOf(getMessage())
        : place
            + " is refused by this server's egress rules. The operator may allow it in"
            + " errand.egress.allow (ERRAND_EGRESS_ALLOW).";
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
    /** The address is not one of the public internet. */
    ADDRESS,
    /** The port is not open. */
    PORT
  }
}
