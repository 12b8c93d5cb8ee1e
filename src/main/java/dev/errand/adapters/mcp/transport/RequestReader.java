package dev.errand.adapters.mcp.transport;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.adapters.mcp.ClientInfo;
import dev.errand.adapters.mcp.McpError;
import dev.errand.adapters.mcp.McpRequest;
import dev.errand.adapters.mcp.Revision;
import dev.errand.base.json.Json;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads requests and compares them with their header fields, as "Server Validation" of the
 * Streamable HTTP transport of 2026-07-28 requires.
 */
@ApplicationScoped
public class RequestReader {
  public static final String SESSION = "Mcp-Session-Id";
  public static final String VERSION = "MCP-Protocol-Version";

  private static final String BODY_VERSION = McpRequest.META + "protocolVersion";
  private static final String CAPABILITIES = McpRequest.META + "clientCapabilities";
  private static final String ENCODED = "=?base64?";
  private static final String ENCODED_END = "?=";
  private static final Set<String> NAMED_BY_NAME = Set.of("tools/call", "prompts/get");
  private static final String NAMED_BY_URI = "resources/read";
  private static final Set<String> NAMED_BY_TASK =
      Set.of("tasks/get", "tasks/update", "tasks/cancel");

  private final Json json;

  RequestReader(Json json) {
    this.json = json;
  }

  /** A message whose revision is not known yet. */
  private record Message(@Nullable JsonNode id, String method, ObjectNode params) {
    JsonNode meta(String name) {
      return params.path("_meta").path(name);
    }
  }

  /**
   * Reads a request.
   *
   * @return empty for a response, which older clients may send and which is ignored
   */
  public Optional<McpRequest> read(@Nullable String body, HttpHeaders headers) throws McpError {
    Optional<Message> message = message(body);
    return message.isEmpty() ? Optional.empty() : Optional.of(checked(message.get(), headers));
  }

  /**
   * Reads a request of the first revision, which has no header fields of its own.
   *
   * @param client the client; null where it did not say
   * @return empty for a response
   */
  public Optional<McpRequest> readOlder(@Nullable String body, @Nullable ClientInfo client)
      throws McpError {
    return message(body)
        .map(
            message ->
                new McpRequest(
                    Revision.FIRST, message.id, message.method, message.params, client, false));
  }

  private Optional<Message> message(@Nullable String body) throws McpError {
    JsonNode read = json.parseStrictly(body == null ? "" : body).orElse(null);
    if (read == null) {
      throw McpError.refused(
          McpError.PARSE, "The body is not valid JSON in which each object has a name once.");
    }
    if (!(read instanceof ObjectNode object)
        || !object.path("jsonrpc").asText().equals("2.0")
        || !(object.path("params").isObject() || object.path("params").isMissingNode())) {
      throw McpError.refused(
          McpError.INVALID_REQUEST, "The body must be one request of JSON-RPC 2.0.");
    }
    if (!object.has("method") && (object.has("result") || object.has("error"))) {
      return Optional.empty();
    }
    JsonNode id = object.get("id");
    if (!object.path("method").isTextual()
        || (id != null && !id.isTextual() && !id.isIntegralNumber())) {
      throw McpError.refused(
          McpError.INVALID_REQUEST,
          "A request has a method and an id, which is a string or an integer.");
    }
    ObjectNode params = object.path("params") instanceof ObjectNode given ? given : json.object();
    return Optional.of(new Message(id, object.path("method").asText(), params));
  }

  /** The id of any message, even a malformed one; null where it has none. */
  public @Nullable JsonNode idOf(@Nullable String body) {
    return json.parseStrictly(body == null ? "" : body)
        .map(read -> read.path("id"))
        .filter(id -> id.isTextual() || id.isIntegralNumber())
        .orElse(null);
  }

  private McpRequest checked(Message message, HttpHeaders headers) throws McpError {
    String version = one(headers, VERSION);
    JsonNode inBody = message.meta(BODY_VERSION);
    boolean isOlder =
        version != null
            && Revision.of(version).filter(known -> !known.isStateless()).isPresent()
            && (!inBody.isTextual() || inBody.textValue().equals(version));
    boolean isStateless =
        !isOlder
            && (inBody.isTextual()
                || Revision.STATELESS.code().equals(version)
                || message.method.equals("server/discover"));
    if (isStateless) {
      return stateless(message, version, headers);
    }
    Revision revision = version == null ? Revision.EARLY_2025 : known(version);
    return new McpRequest(
        revision,
        message.id,
        message.method,
        message.params,
        ClientInfo.ofSessionId(one(headers, SESSION), json).orElse(null),
        false);
  }

  private McpRequest stateless(Message message, @Nullable String version, HttpHeaders headers)
      throws McpError {
    if (version == null) {
      throw mismatch("The header field " + VERSION + " is missing.");
    }
    Revision revision = known(version);
    JsonNode inBody = message.meta(BODY_VERSION);
    if (message.id == null) {
      // Notifications of this revision are ignored.
      return new McpRequest(revision, null, message.method, message.params, null, false);
    }
    if (!inBody.isTextual()) {
      throw McpError.refused(
          McpError.INVALID_PARAMS, "params._meta[\"" + BODY_VERSION + "\"] is missing.");
    }
    if (!inBody.textValue().equals(version)) {
      throw mismatch(
          "The header field %s is %s, but the body says %s."
              .formatted(VERSION, version, inBody.textValue()));
    }
    if (!message.meta(CAPABILITIES).isObject()) {
      throw McpError.refused(
          McpError.INVALID_PARAMS, "params._meta[\"" + CAPABILITIES + "\"] is missing.");
    }
    compare("Mcp-Method", message.method, headers);
    String named = named(message);
    if (named != null) {
      compare("Mcp-Name", named, headers);
    }
    return new McpRequest(
        revision,
        message.id,
        message.method,
        message.params,
        ClientInfo.of(message.meta(McpRequest.META + "clientInfo")).orElse(null),
        message.meta(CAPABILITIES).path("extensions").path(McpRequest.TASKS).isObject());
  }

  private static @Nullable String named(Message message) {
    String field =
        NAMED_BY_NAME.contains(message.method)
            ? "name"
            : message.method.equals(NAMED_BY_URI)
                ? "uri"
                : NAMED_BY_TASK.contains(message.method) ? "taskId" : "";
    JsonNode value = message.params.path(field);
    return value.isTextual() ? value.textValue() : null;
  }

  private static void compare(String field, String inBody, HttpHeaders headers) throws McpError {
    String sent = one(headers, field);
    if (sent == null) {
      throw mismatch("The header field " + field + " is missing.");
    }
    if (!decoded(field, sent).equals(inBody)) {
      throw mismatch("The header field " + field + " differs from the body.");
    }
  }

  private static String decoded(String field, String sent) throws McpError {
    if (!sent.startsWith(ENCODED) || !sent.endsWith(ENCODED_END)) {
      return sent;
    }
    try {
      return new String(
          Base64.getDecoder()
              .decode(sent.substring(ENCODED.length(), sent.length() - ENCODED_END.length())),
          StandardCharsets.UTF_8);
    } catch (IllegalArgumentException | StringIndexOutOfBoundsException e) {
      throw mismatch("The header field " + field + " is not valid base64.");
    }
  }

  private Revision known(String version) throws McpError {
    Optional<Revision> known = Revision.of(version);
    if (known.isPresent()) {
      return known.get();
    }
    ObjectNode data = json.object().put("requested", version);
    Revision.codes().forEach(data.putArray("supported")::add);
    throw McpError.refused(
        McpError.UNSUPPORTED_VERSION,
        "Unsupported protocol version: this server speaks "
            + String.join(", ", Revision.codes())
            + ".",
        data);
  }

  private static @Nullable String one(HttpHeaders headers, String field) {
    List<String> all = headers.getRequestHeader(field);
    return all == null || all.isEmpty() ? null : String.join(",", all);
  }

  private static McpError mismatch(String message) {
    return McpError.refused(McpError.HEADER_MISMATCH, message);
  }
}
