package dev.errand.adapters.mcp;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/**
 * An error of the protocol, for the client's program; an error for the model is a result with
 * {@code isError}.
 */
public final class McpError extends Exception {
  public static final int PARSE = -32700;
  public static final int INVALID_REQUEST = -32600;
  public static final int METHOD_NOT_FOUND = -32601;
  public static final int INVALID_PARAMS = -32602;
  public static final int INTERNAL = -32603;
  public static final int HEADER_MISMATCH = -32020;
  public static final int MISSING_CAPABILITY = -32021;
  public static final int UNSUPPORTED_VERSION = -32022;

  private static final int BAD_REQUEST = 400;
  private static final long serialVersionUID = 1L;

  private final int code;
  private final int status;
  private final transient @Nullable ObjectNode data;

  private McpError(int code, int status, String message, @Nullable ObjectNode data) {
    super(message, null, false, false);
    this.code = code;
    this.status = status;
    this.data = data;
  }

  /** The error of a request that is refused before its method is known. */
  public static McpError refused(int code, String message) {
    return new McpError(code, BAD_REQUEST, message, null);
  }

  /** The same with data for the client's program. */
  public static McpError refused(int code, String message, ObjectNode data) {
    return new McpError(code, BAD_REQUEST, message, data);
  }

  public static McpError of(int code, String message) {
    return new McpError(code, code == METHOD_NOT_FOUND ? 404 : 200, message, null);
  }

  public int code() {
    return code;
  }

  /** The HTTP status, for revisions in which errors of methods have one. */
  public int status() {
    return status;
  }

  public @Nullable ObjectNode data() {
    return data;
  }

  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }
}
