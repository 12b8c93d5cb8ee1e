package dev.errand.tools.mcp.oauth;

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

  /** A permanent failure: a person has to connect the server, or to change something. */
  public static CredentialException lasting(String sentence) {
    return new CredentialException(sentence, true, false);
  }

  /** A temporary failure: a later retry may succeed. */
  public static CredentialException passing(String sentence) {
    return new CredentialException(sentence, false, false);
  }

  /** The issuer does not know the client, or no longer knows it. */
  static CredentialException unknownClient(String sentence) {
    return new CredentialException(sentence, true, true);
  }

  /** The same failure, with the remedy in its sentence. */
  public CredentialException withRemedy() {
    return new CredentialException(
        sentence() + (isFinal ? " Connect the server again." : " It is retried within a minute."),
        isFinal,
        isClientUnknown);
  }

  /** Whether the issuer does not know the client. */
  public boolean isClientUnknown() {
    return isClientUnknown;
  }

  /** Whether the failure is permanent. */
  public boolean isFinal() {
    return isFinal;
  }

  public String sentence() {
    return String.valueOf(getMessage());
  }
}
