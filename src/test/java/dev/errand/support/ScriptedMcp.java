package dev.errand.support;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An MCP server that lists and answers what a test tells it to, strict about what clients have to
 * send, in the revision 2026-07-28 or in 2025-11-25.
 */
public final class ScriptedMcp implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String MODERN = "2026-07-28";
  private static final String LEGACY = "2025-11-25";
  private static final int PAGE = 2;

  private final HttpServer server;
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private final Set<String> sessions = ConcurrentHashMap.newKeySet();
  private final Map<String, String> documents = new ConcurrentHashMap<>();
  private final Map<String, String> redirects = new ConcurrentHashMap<>();
  private volatile boolean modern = true;
  private volatile boolean streams;
  private volatile boolean tasks;
  private volatile List<ObjectNode> tools = List.of();
  private volatile Function<Request, Answer> calls = request -> text("Done.");
  private volatile Function<Request, @Nullable Answer> before = request -> null;
  private volatile Function<Request, Answer> gets = request -> raw(405, "text/plain", out -> {});
  private final List<Request> got = new CopyOnWriteArrayList<>();

  /**
   * A request.
   *
   * @param path where it went
   * @param headers its header fields, names in lower case
   * @param body its message
   */
  public record Request(String path, Map<String, String> headers, JsonNode body) {
    /** The method of the protocol. */
    public String method() {
      return body.path("method").asText();
    }

    /** The arguments of a call. */
    public JsonNode arguments() {
      return body.path("params").path("arguments");
    }
  }

  /**
   * An answer.
   *
   * @param status the HTTP status
   * @param result the result; null where there is an error or a body as it is
   * @param error the error; null where there is none
   * @param headers header fields
   * @param raw writes the body as it is; null where the message is written
   */
  public record Answer(
      int status,
      @Nullable ObjectNode result,
      @Nullable ObjectNode error,
      Map<String, String> headers,
      @Nullable Raw raw) {}

  /** Writes a body. */
  @FunctionalInterface
  public interface Raw {
    /** Writes all of it; what is flushed is sent. */
    void to(OutputStream out) throws IOException;
  }

  public ScriptedMcp() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1024);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/", this::handle);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.start();
  }

  /** Its address. */
  public String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/mcp";
  }

  /** Whether it speaks 2026-07-28 from now on, or 2025-11-25. Sessions that are open are gone. */
  public ScriptedMcp modern(boolean is) {
    modern = is;
    sessions.clear();
    return this;
  }

  /** Whether it answers by streams of events from now on. */
  public ScriptedMcp streaming(boolean is) {
    streams = is;
    return this;
  }

  /** Whether it announces in 2025-11-25 that it runs tools as tasks. */
  public ScriptedMcp tasks(boolean are) {
    tasks = are;
    sessions.clear();
    return this;
  }

  /** What requests by GET are answered with, which have no body. */
  public ScriptedMcp gets(Function<Request, Answer> now) {
    gets = now;
    return this;
  }

  /** What it was asked by GET, in order. */
  public List<Request> got() {
    return got;
  }

  /** What it has at a path, for everybody. */
  public ScriptedMcp document(String path, String json) {
    documents.put(path, json);
    return this;
  }

  /** Where a path leads to instead. */
  public ScriptedMcp redirect(String path, String location) {
    redirects.put(path, location);
    return this;
  }

  /** Wants a token of an issuer from now on, and says where its metadata is. */
  public ScriptedMcp guarded(ScriptedIssuer issuer) {
    String metadata = "/.well-known/oauth-protected-resource/mcp";
    document(
        metadata,
        "{\"resource\": \"%s\", \"authorization_servers\": [\"%s\"], \"scopes_supported\": [\"read\"]}"
            .formatted(url(), issuer.url()));
    return before(
        request ->
            issuer.lets(request.headers())
                ? null
                : unauthorized(
                    "Bearer resource_metadata=\"%s\", scope=\"read\""
                        .formatted(url().replace("/mcp", metadata))));
  }

  /** A refusal of a request without a token that is good. */
  public static Answer unauthorized(String challenge) {
    return new Answer(401, null, null, Map.of("WWW-Authenticate", challenge), out -> {});
  }

  /** Forgets its sessions. */
  public void restart() {
    sessions.clear();
  }

  /** What it lists from now on. */
  public ScriptedMcp tools(ObjectNode... now) {
    tools = List.of(now);
    return this;
  }

  /** What calls are answered with from now on. */
  public ScriptedMcp calls(Function<Request, Answer> now) {
    calls = now;
    return this;
  }

  /** What requests are answered with before anything else looks at them; null passes them on. */
  public ScriptedMcp before(Function<Request, @Nullable Answer> now) {
    before = now;
    return this;
  }

  /** What it was asked, in order. */
  public List<Request> requests() {
    return requests;
  }

  /** What it was asked by one method of the protocol, in order. */
  public List<Request> requests(String method) {
    return requests.stream().filter(request -> request.method().equals(method)).toList();
  }

  /** A tool that takes one text. */
  public static ObjectNode tool(String name, String description) {
    ObjectNode tool = JSON.createObjectNode().put("name", name).put("description", description);
    ObjectNode schema = tool.putObject("inputSchema").put("type", "object");
    schema.putObject("properties").putObject("text").put("type", "string");
    return tool;
  }

  /** A tool that may be called twice. */
  public static ObjectNode repeatable(String name) {
    ObjectNode tool = tool(name, "May be repeated.");
    tool.putObject("annotations").put("idempotentHint", true);
    return tool;
  }

  /** A result of one text. */
  public static Answer text(String text) {
    ObjectNode result = JSON.createObjectNode();
    result.putArray("content").addObject().put("type", "text").put("text", text);
    return result(result);
  }

  /** A result of parts and whatever else stands in this JSON. */
  public static Answer result(String json) {
    try {
      return result((ObjectNode) JSON.readTree(json));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Answer result(ObjectNode result) {
    return new Answer(200, result, null, Map.of(), null);
  }

  /** An error of JSON-RPC. */
  public static Answer error(int status, int code, String message) {
    return new Answer(
        status,
        null,
        JSON.createObjectNode().put("code", code).put("message", message),
        Map.of(),
        null);
  }

  /** A body as it is. */
  public static Answer raw(int status, String type, Raw body) {
    return new Answer(status, null, null, Map.of("Content-Type", type), body);
  }

  /** A redirect. */
  public static Answer redirect(int status, String location) {
    return new Answer(status, null, null, Map.of("Location", location), out -> {});
  }

  /** A stream of events of these data. */
  public static Answer events(String... data) {
    return raw(
        200,
        "text/event-stream",
        out -> {
          for (String event : data) {
            out.write(("data: " + event + "\n\n").getBytes(StandardCharsets.UTF_8));
            out.flush();
          }
        });
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      Map<String, String> headers = new HashMap<>();
      exchange
          .getRequestHeaders()
          .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values.getFirst()));
      String document = documents.get(exchange.getRequestURI().getPath());
      if (document != null) {
        byte[] bytes = document.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, bytes.length);
        exchange.getResponseBody().write(bytes);
        return;
      }
      String moved = redirects.get(exchange.getRequestURI().getPath());
      if (moved != null) {
        exchange.getResponseHeaders().set("Location", moved);
        exchange.sendResponseHeaders(302, -1);
        return;
      }
      if (exchange.getRequestMethod().equals("GET")) {
        Request request =
            new Request(exchange.getRequestURI().getPath(), headers, JSON.createObjectNode());
        got.add(request);
        write(exchange, request, gets.apply(request));
        return;
      }
      JsonNode body = JSON.readTree(exchange.getRequestBody().readAllBytes());
      Request request = new Request(exchange.getRequestURI().getPath(), headers, body);
      requests.add(request);
      Answer answer = before.apply(request);
      write(exchange, request, answer != null ? answer : answer(request));
    } catch (IOException e) {
      // The client has gone.
    }
  }

  private Answer answer(Request request) {
    return modern ? modern(request) : legacy(request);
  }

  private Answer modern(Request request) {
    JsonNode params = request.body().path("params");
    String version =
        params.path("_meta").path("io.modelcontextprotocol/protocolVersion").asText("");
    if (!version.equals(request.headers().get("mcp-protocol-version"))
        || !request.method().equals(request.headers().get("mcp-method"))
        || !String.valueOf(request.headers().get("accept")).contains("text/event-stream")) {
      return error(400, -32_020, "Header mismatch");
    }
    if (!version.equals(MODERN)) {
      return error(400, -32_022, "Unsupported protocol version");
    }
    return switch (request.method()) {
      case "server/discover" ->
          result(
              "{\"supportedVersions\": [\"" + MODERN + "\"], \"capabilities\": {\"tools\": {}}}");
      case "tools/list" -> list(params);
      case "tools/call", "tasks/get", "tasks/cancel" -> calls.apply(request);
      default -> error(404, -32_601, "Method not found");
    };
  }

  private Answer legacy(Request request) {
    if (request.method().equals("initialize")) {
      String session = UUID.randomUUID().toString();
      sessions.add(session);
      String ofTasks =
          tasks ? ", \"tasks\": {\"cancel\": {}, \"requests\": {\"tools\": {\"call\": {}}}}" : "";
      Answer made =
          result(
              "{\"protocolVersion\": \""
                  + LEGACY
                  + "\", \"capabilities\": {\"tools\": {}"
                  + ofTasks
                  + "},"
                  + " \"serverInfo\": {\"name\": \"scripted\", \"version\": \"1\"}}");
      return new Answer(200, made.result(), null, Map.of("Mcp-Session-Id", session), null);
    }
    String session = request.headers().get("mcp-session-id");
    if (session == null) {
      return error(400, -32_000, "Bad Request: No valid session ID provided");
    }
    if (!sessions.contains(session)) {
      return error(404, -32_001, "Session not found");
    }
    if (!LEGACY.equals(request.headers().get("mcp-protocol-version"))) {
      return error(400, -32_000, "Bad Request: no protocol version");
    }
    return switch (request.method()) {
      // The last are answers to what it has asked itself.
      case "notifications/initialized", "notifications/cancelled", "" ->
          new Answer(202, null, null, Map.of(), out -> {});
      case "tools/list" -> list(request.body().path("params"));
      case "tools/call", "tasks/get", "tasks/result", "tasks/cancel" -> calls.apply(request);
      default -> error(200, -32_601, "Method not found");
    };
  }

  private Answer list(JsonNode params) {
    int from = params.path("cursor").asInt(0);
    ObjectNode result = JSON.createObjectNode().put("ttlMs", 0).put("cacheScope", "private");
    result.putArray("tools").addAll(tools.stream().skip(from).limit(PAGE).toList());
    if (from + PAGE < tools.size()) {
      result.put("nextCursor", Integer.toString(from + PAGE));
    }
    return result(result);
  }

  private void write(HttpExchange exchange, Request request, Answer answer) throws IOException {
    answer.headers().forEach(exchange.getResponseHeaders()::set);
    if (answer.raw() != null) {
      exchange.sendResponseHeaders(answer.status(), 0);
      try (OutputStream out = exchange.getResponseBody()) {
        answer.raw().to(out);
      }
      return;
    }
    ObjectNode message = JSON.createObjectNode().put("jsonrpc", "2.0");
    message.set("id", request.body().path("id"));
    if (answer.result() != null) {
      ObjectNode result = answer.result().deepCopy();
      if (modern && !result.has("resultType")) {
        result.put("resultType", "complete");
      }
      message.set("result", result);
    } else {
      message.set("error", answer.error());
    }
    boolean asStream = streams && answer.status() == 200;
    String text =
        asStream
            ? ": hello\n\nevent: message\ndata: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\","
                + "\"params\":{\"progress\":1}}\n\nevent: message\ndata: "
                + message
                + "\n\n"
            : message.toString();
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    exchange
        .getResponseHeaders()
        .set("Content-Type", asStream ? "text/event-stream" : "application/json");
    exchange.sendResponseHeaders(answer.status(), asStream ? 0 : body.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(body);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
