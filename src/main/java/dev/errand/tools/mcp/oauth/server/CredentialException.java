package dev.errand.tools.mcp.oauth.server;

/** Why there is no token for a remote server; the message is a sentence that may be shown. */
public final class CredentialException extends Exception {
  private static final long serialVersionUID = 1L;

  private final boolean isFinal;
  private final boolean isClientUnknown;

  private CredentialException(String sentence, boolean isFinal, boolean isClientUnknown) {
    super(sentence);
    this.isFinal = isFinal;
    this.isClientUnknown = isClientUnknown;
  }

  /** Trying again helps nothing: somebody has to connect, or to change something. */
  public static CredentialException lasting(String sentence) {
    return new CredentialException(sentence, true, false);
  }

  /** Trying again later may help. */
  public static CredentialException passing(String sentence) {
    return new CredentialException(sentence, false, false);
  }

  /** The issuer does not know this service as a client, or not any more. */
  static CredentialException unknownClient(String sentence) {
    return new CredentialException(sentence, true, true);
  }

  /** The same, with what is to be done, or is done. */
  public CredentialException withRemedy() {
    return new CredentialException(
        sentence()
            + (isFinal ? " Connect the server again." : " It is tried again within a minute."),
        isFinal,
        isClientUnknown);
  }

  /** Whether the issuer does not know this service as a client any more. */
  public boolean isClientUnknown() {
    return isClientUnknown;
  }

  /** Whether trying again helps nothing. */
  public boolean isFinal() {
    return isFinal;
  }

  /** The sentence. */
  public String sentence() {
    return String.valueOf(getMessage());
  }
}
