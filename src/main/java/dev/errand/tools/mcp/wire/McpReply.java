package dev.errand.tools.mcp.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import org.jspecify.annotations.Nullable;

/**
 * The reply to one POST.
 *
 * @param message the JSON-RPC response; missing where there is none
 * @param sessionId the session that the server opened; null for none
 * @param challenge its challenge, in {@code WWW-Authenticate}; empty for none
 */
record McpReply(
    int status, JsonNode message, @Nullable String sessionId, String challenge, long bytes) {
  private static final int HEADER_MISMATCH = -32_020;
  private static final int CAPABILITY_MISSING = -32_021;
  private static final int UNSUPPORTED_VERSION = -32_022;

  static final int METHOD_NOT_FOUND = -32_601;
  static final JsonNode NONE = MissingNode.getInstance();

  boolean isSuccess() {
    return status >= 200 && status < 300;
  }

  boolean hasError() {
    return message.path("error").isObject();
  }

  int errorCode() {
    return message.path("error").path("code").asInt(0);
  }

  /** Whether it is an error that only servers of revision 2026-07-28 and later send. */
  boolean isModernError() {
    return hasError()
        && switch (errorCode()) {
          case HEADER_MISMATCH, CAPABILITY_MISSING, UNSUPPORTED_VERSION -> true;
          default -> false;
        };
  }

  /**
   * Whether the server reports that header fields do not match the body; the request was not
   * executed.
   */
  boolean isHeaderMismatch() {
    return hasError() && errorCode() == HEADER_MISMATCH;
  }

  boolean isUnsupportedVersion() {
    return hasError() && errorCode() == UNSUPPORTED_VERSION;
  }
}
