package dev.errand.tools.mcp.wire;

/** Why a remote MCP server gave no usable answer; the message is a sentence that may be shown. */
public final class McpException extends Exception {
  private static final long serialVersionUID = 1L;

  private final Kind kind;
  private final boolean isTokenRefused;
  private final String challenge;

  /** What went wrong. */
  public enum Kind {
    /** The egress rules refuse the address. */
    REFUSED,
    /** No connection was established, so that nothing was sent. */
    UNREACHED,
    /** The server does not accept the credentials, or wants some. */
    UNAUTHORIZED,
    /** The server is overloaded or fails: status 429 or 5xx. */
    BUSY,
    /** There was no complete answer in time, or the connection broke before it. */
    BROKEN,
    /** The answer is too large, or does not follow the protocol. */
    UNUSABLE,
    /** The server answered with an error of the protocol. */
    ERROR
  }

  public McpException(Kind kind, String sentence) {
    this(kind, sentence, false, "");
  }

  private McpException(Kind kind, String sentence, boolean isTokenRefused, String challenge) {
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
    return new McpException(Kind.UNAUTHORIZED, sentence, isTokenRefused, challenge);
  }

  public Kind kind() {
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
