package dev.errand.adapters.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.tools.mcp.wire.McpClient;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A request, read and checked.
 *
 * @param id its id, a string or an integer; null for a notification
 * @param client the client; null where it does not say
 * @param knowsTasks whether the client accepts a task as the answer
 */
public record McpRequest(
    Revision revision,
    @Nullable JsonNode id,
    String method,
    ObjectNode params,
    @Nullable ClientInfo client,
    boolean knowsTasks) {
  /** What the names of the protocol's own metadata and extensions begin with. */
  public static final String META = "io.modelcontextprotocol/";

  /** The extension for tasks. */
  public static final String TASKS = META + "tasks";

  private static final String[] IDEMPOTENCY_KEYS = {"dev.errand/idempotencyKey", "idempotencyKey"};
  private static final int LONGEST_KEY = 255;
  private static final int DEEPEST_CALLER = 1000;

  public boolean isNotification() {
    return id == null;
  }

  public String text(String name) throws McpError {
    JsonNode value = params.path(name);
    if (!value.isTextual()) {
      throw McpError.of(McpError.INVALID_PARAMS, "params." + name + " must be a string");
    }
    return value.textValue();
  }

  /** The token for notifications of progress; null where the client wants none. */
  public @Nullable JsonNode progressToken() {
    JsonNode token = params.path("_meta").path("progressToken");
    return token.isTextual() || token.isIntegralNumber() ? token : null;
  }

  /** The trace that the request is part of, as W3C {@code traceparent}; it may be malformed. */
  public Optional<String> traceparent() {
    return Optional.ofNullable(params.path("_meta").path("traceparent").textValue());
  }

  /**
   * The depth of a run that the request starts: one more than the depth of the calling run, and 0
   * where the caller is not a run.
   */
  public int runsAbove() throws McpError {
    JsonNode depth = params.path("_meta").path(McpClient.RUN_DEPTH);
    if (depth.isMissingNode()) {
      return 0;
    }
    boolean isWhole = depth.isIntegralNumber() && depth.canConvertToInt();
    if (!isWhole || depth.intValue() < 0 || depth.intValue() > DEEPEST_CALLER) {
      throw McpError.of(
          McpError.INVALID_PARAMS,
          "_meta.%s must be the depth of the run that calls, a whole number from 0 to %s"
              .formatted(McpClient.RUN_DEPTH, DEEPEST_CALLER));
    }
    return depth.intValue() + 1;
  }

  /** What names the run that calls; empty for none. */
  public Optional<String> callingRun() {
    return Optional.ofNullable(params.path("_meta").path(McpClient.RUN).textValue());
  }

  /** The key by which a repeated call is recognised; null for none. */
  public @Nullable String idempotencyKey() throws McpError {
    for (String name : IDEMPOTENCY_KEYS) {
      JsonNode key = params.path("_meta").path(name);
      if (key.isMissingNode() || key.isNull()) {
        continue;
      }
      if (!key.isTextual() || key.textValue().isEmpty() || key.textValue().length() > LONGEST_KEY) {
        throw McpError.of(
            McpError.INVALID_PARAMS,
            "_meta." + name + " must be a string of 1 to " + LONGEST_KEY + " characters");
      }
      return key.textValue();
    }
    return null;
  }
}
