package dev.errand.tools.mcp.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.http.Traces;
import dev.errand.base.json.Json;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Builds the messages of both kinds of revisions. */
@ApplicationScoped
class McpMessages {
  /** The revision in which each request carries its whole context. */
  static final String MODERN = "2026-07-28";

  /** The newest of the revisions that begin with a handshake. */
  static final String LEGACY = "2025-11-25";

  private static final String META = "io.modelcontextprotocol/";
  private static final String TASKS = META + "tasks";

  private final Json json;
  private final String version;
  private final Traces trace;
  private final AtomicLong ids = new AtomicLong();

  McpMessages(
      Json json,
      Traces trace,
      @ConfigProperty(name = "quarkus.application.version", defaultValue = "0") String version) {
    this.json = json;
    this.trace = trace;
    this.version = version;
  }

  /** Whether each request of a revision carries its whole context. */
  static boolean isModern(String revision) {
    return revision.equals(MODERN);
  }

  /**
   * A request.
   *
   * @param params its parameters, which this changes; they may have metadata
   */
  ObjectNode request(String revision, String method, ObjectNode params) {
    Map<String, String> traced = trace.fields();
    if (isModern(revision) || !traced.isEmpty()) {
      traced.forEach(params.withObjectProperty("_meta")::put);
    }
    if (isModern(revision)) {
      ObjectNode meta = (ObjectNode) params.path("_meta");
      meta.put(META + "protocolVersion", MODERN);
      meta.set(META + "clientInfo", client());
      meta.putObject(META + "clientCapabilities").putObject("extensions").putObject(TASKS);
    }
    ObjectNode request = notification(method).put("id", ids.incrementAndGet());
    if (!params.isEmpty()) {
      request.set("params", params);
    }
    return request;
  }

  /** The request that opens a session. */
  ObjectNode initialize() {
    ObjectNode params = json.object().put("protocolVersion", LEGACY);
    params.putObject("capabilities");
    params.set("clientInfo", client());
    return request(LEGACY, "initialize", params);
  }

  ObjectNode notification(String method) {
    return json.object().put("jsonrpc", "2.0").put("method", method);
  }

  ObjectNode cancelled(ObjectNode request) {
    ObjectNode notification = notification("notifications/cancelled");
    notification
        .putObject("params")
        .put("reason", "The caller no longer waits.")
        .set("requestId", request.get("id"));
    return notification;
  }

  /**
   * Answers a request of the server: a ping, or one that is not supported. Nobody is there to be
   * asked while a run calls a tool, so the client announces no elicitation, sampling or roots.
   */
  ObjectNode answer(JsonNode request) {
    ObjectNode answer = json.object().put("jsonrpc", "2.0");
    answer.set("id", request.path("id"));
    if (request.path("method").asText().equals("ping")) {
      answer.putObject("result");
    } else {
      answer
          .putObject("error")
          .put("code", McpReply.METHOD_NOT_FOUND)
          .put(
              "message", "This client works unattended: nobody can answer requests of the server.");
    }
    return answer;
  }

  private ObjectNode client() {
    return json.object().put("name", "errand").put("version", version);
  }
}
