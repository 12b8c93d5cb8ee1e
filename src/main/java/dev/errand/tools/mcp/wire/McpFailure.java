package dev.errand.tools.mcp.wire;

/** Why a remote MCP server gave no usable answer. */
public enum McpFailure {
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
