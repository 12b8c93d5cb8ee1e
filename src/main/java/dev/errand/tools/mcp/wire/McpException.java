package dev.errand.tools.mcp.wire;

/** Why a remote MCP server gave no usable answer; the message is a sentence that may be shown. */
public final class McpException extends Exception {
  private static final long serialVersionUID = 1L;

  private final McpFailure kind;
  private final boolean isTokenRefused;
  private final String challenge;

  public McpException(McpFailure kind, String sentence) {
    this(kind, sentence, false, "");
  }

  private McpException(McpFailure kind, String sentence, boolean isTokenRefused, String challenge) {
    super(sentence);
    this.kind = kind;
    this.isTokenRefused = isTokenRefused;
    this.challenge = challenge;
  }

  /**
   * The server does not accept the credentials, or wants some.
   *
   * @param isTokenRefused whether they are invalid, rather than insufficient for this request
   * @param challenge its challenge, in {@code WWW-Authenticate}; empty where there is none
   */
  static McpException unauthorized(String sentence, boolean isTokenRefused, String challenge) {
    return new McpException(McpFailure.UNAUTHORIZED, sentence, isTokenRefused, challenge);
  }

  public McpFailure kind() {
    return kind;
  }

  /** Whether the credentials are invalid, so that the request was not processed. */
  public boolean isTokenRefused() {
    return isTokenRefused;
  }

  public String challenge() {
    return challenge;
  }

  public String sentence() {
    return String.valueOf(getMessage());
  }
}
