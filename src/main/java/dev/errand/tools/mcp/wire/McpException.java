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
    /** No connection was made, so that nothing was sent. */
    UNREACHED,
    /** The server does not accept the credentials, or wants some. */
    UNAUTHORIZED,
    /** The server is overloaded or fails: status 429 or 5xx. */
    BUSY,
    /** There was no whole answer in time, or the connection broke before it. */
    BROKEN,
    /** The answer is too large, or is not what the protocol says. */
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
   * @param isTokenRefused whether they are not good at all, rather than not for this
   * @param challenge what it wants, in {@code WWW-Authenticate}; empty where it does not say
   */
  static McpException unauthorized(String sentence, boolean isTokenRefused, String challenge) {
    return new McpException(Kind.UNAUTHORIZED, sentence, isTokenRefused, challenge);
  }

  /** What went wrong. */
  public Kind kind() {
    return kind;
  }

  /** Whether the credentials are not good at all, so that the request was not looked at. */
  public boolean isTokenRefused() {
    return isTokenRefused;
  }

  /** What the server says of the credentials that it wants; empty for nothing. */
  public String challenge() {
    return challenge;
  }

  /** The sentence. */
  public String sentence() {
    return String.valueOf(getMessage());
  }
}
