package dev.errand.adapters.mcp.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A request, read and checked.
 *
 * @param revision the revision that it speaks
 * @param id its id, a string or an integer; null for a notification
 * @param method its method
 * @param params its parameters
 * @param client what the client says of itself; null for nothing
 * @param knowsTasks whether the client takes a task for an answer
 */
public record McpRequest(
    Revision revision,
    @Nullable JsonNode id,
    String method,
    ObjectNode params,
    @Nullable ClientInfo client,
    boolean knowsTasks) {
  private static final String[] IDEMPOTENCY_KEYS = {"dev.errand/idempotencyKey", "idempotencyKey"};
  private static final int LONGEST_KEY = 255;

  /** Whether nobody waits for an answer. */
  public boolean isNotification() {
    return id == null;
  }

  /** A parameter that must be a text. */
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

  /** The key by which a call that is sent again is known; null for none. */
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
