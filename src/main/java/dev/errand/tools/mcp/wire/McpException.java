package dev.errand.tools.mcp.wire;

/** Why a remote MCP server gave no usable answer; the message is a sentence that may be shown. */
public final class McpException extends Exception {
  private static final long serialVersionUID = 1L;

  private final Kind kind;

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
    super(sentence);
    this.kind = kind;
  }

  /** What went wrong. */
  public Kind kind() {
    return kind;
  }

  /** The sentence. */
  public String sentence() {
    return String.valueOf(getMessage());
  }
}
