package dev.errand.support;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An OpenAI-compatible server that answers as a test tells it to, and remembers what it was asked.
 * It also speaks the Responses API, Anthropic's form, and that of the vendor that there is not.
 */
public final class ScriptedModel implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  // The server cuts the connection where less was written than it said there would be.
  private static final long NEVER_REACHED = 1_000_000_000;

  private final HttpServer server;
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private final List<Request> listings = new CopyOnWriteArrayList<>();
  private volatile Function<Request, Answer> script = request -> say("Done.");
  private volatile Function<Request, Answer> catalog = request -> new Answer(404, "");

  /**
   * A request to the model.
   *
   * @param authorization the header, or an empty text
   * @param body what was sent, in the form of chat completions
   * @param sent what was sent, in its own form
   */
  public record Request(String authorization, JsonNode body, JsonNode sent) {
    /** A request in the form of chat completions. */
    public Request(String authorization, JsonNode body) {
      this(authorization, body, body);
    }

    /** The last message. */
    public JsonNode lastMessage() {
      JsonNode messages = body.path("messages");
      return messages.path(messages.size() - 1);
    }

    /** How many messages there are. */
    public int size() {
      return body.path("messages").size();
    }
  }

  /**
   * What the server answers.
   *
   * @param status the HTTP status; 0 cuts the connection
   * @param body the body
   * @param headers header fields
   * @param pieces writes the body a piece at a time; null where it is written at once
   * @param cut whether the connection is cut after the body, as if more were to come
   */
  public record Answer(
      int status, String body, Map<String, String> headers, @Nullable Pieces pieces, boolean cut) {
    /** A body as it is, without header fields of its own. */
    public Answer(int status, String body) {
      this(status, body, Map.of(), null, false);
    }

    /** A stream of events, which is written as it comes. */
    public static Answer stream(Pieces pieces) {
      return new Answer(200, "", Map.of("Content-Type", "text/event-stream"), pieces, false);
    }

    /** This, the connection cut after it. */
    public Answer thenCut() {
      return new Answer(status, body, headers, pieces, true);
    }

    /** This, and a header field. */
    public Answer with(String name, String value) {
      Map<String, String> all = new HashMap<>(headers);
      all.put(name, value);
      return new Answer(status, body, all, pieces, cut);
    }
  }

  /** Writes the body of an answer a piece at a time. */
  @FunctionalInterface
  public interface Pieces {
    /** Writes all of it; what is flushed is sent. */
    void to(OutputStream out) throws IOException;
  }

  public ScriptedModel() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1024);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    for (Wire wire : Wire.all()) {
      server.createContext("/v1" + wire.path(), exchange -> answer(exchange, wire));
    }
    server.createContext("/v1/turns", exchange -> answerAsOtherVendor(exchange));
    server.createContext("/v1/models", this::list);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.start();
  }

  /** The base URL, for {@code openai.base_url}. */
  public String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1";
  }

  /** What it answers from now on. */
  public void script(Function<Request, Answer> answers) {
    script = answers;
  }

  /** What it answers from now on where it is asked for its models. */
  public void catalog(Function<Request, Answer> answers) {
    catalog = answers;
  }

  /** A list of models. */
  public static Answer models(List<String> names) {
    ObjectNode body = JSON.createObjectNode().put("object", "list");
    names.forEach(name -> body.withArray("data").addObject().put("id", name));
    return new Answer(200, body.toString());
  }

  /** What it was asked, in order, but for its models. */
  public List<Request> requests() {
    return requests;
  }

  /** The requests for its models, in order. */
  public List<Request> listings() {
    return listings;
  }

  /** An answer that ends a run. */
  public static Answer say(String text) {
    return completion(JSON.createObjectNode().put("role", "assistant").put("content", text));
  }

  /** An answer that ends a run, and was cut at the limit of its tokens. */
  public static Answer cut(String text) {
    return new Answer(
        200, say(text).body().replace("\"index\":0", "\"index\":0,\"finish_reason\":\"length\""));
  }

  /** An answer that asks for one tool call. */
  public static Answer call(String id, String tool, String arguments) {
    return calls(List.of(List.of(id, tool, arguments)));
  }

  /** An answer that asks for several tool calls, each an id, a tool and arguments. */
  public static Answer calls(List<List<String>> calls) {
    ObjectNode message = JSON.createObjectNode().put("role", "assistant").putNull("content");
    for (List<String> call : calls) {
      message
          .withArray("tool_calls")
          .addObject()
          .put("id", call.get(0))
          .put("type", "function")
          .putObject("function")
          .put("name", call.get(1))
          .put("arguments", call.get(2));
    }
    return completion(message);
  }

  /** An error in OpenAI's shape. */
  public static Answer error(int status, String code, String message) {
    ObjectNode body = JSON.createObjectNode();
    body.putObject("error").put("message", message).put("type", code).put("code", code);
    return new Answer(status, body.toString());
  }

  private static Answer completion(ObjectNode message) {
    ObjectNode body =
        JSON.createObjectNode().put("id", "chatcmpl-1").put("object", "chat.completion");
    body.putArray("choices").addObject().put("index", 0).set("message", message);
    body.putObject("usage")
        .put("prompt_tokens", 10)
        .put("completion_tokens", 5)
        .put("total_tokens", 15);
    return new Answer(200, body.toString());
  }

  /** Answers in a vendor's form what the script says in OpenAI's. */
  private void answer(HttpExchange exchange, Wire wire) throws IOException {
    Headers headers = exchange.getRequestHeaders();
    String key = headers.getFirst("x-api-key");
    String authorization = key == null ? headers.getFirst("Authorization") : "Bearer " + key;
    JsonNode sent = wire.read(exchange.getRequestBody().readAllBytes());
    Request request =
        new Request(authorization == null ? "" : authorization, wire.request(sent), sent);
    requests.add(request);
    Answer refusal = wire.refusal(headers, sent);
    send(exchange, refusal == null ? wire.answer(sent, script.apply(request)) : refusal);
  }

  private void list(HttpExchange exchange) throws IOException {
    Headers headers = exchange.getRequestHeaders();
    String key = headers.getFirst("x-api-key");
    String authorization = key == null ? headers.getFirst("Authorization") : "Bearer " + key;
    Request request =
        new Request(
            authorization == null ? "" : authorization, JSON.missingNode(), JSON.missingNode());
    listings.add(request);
    send(exchange, catalog.apply(request));
  }

  /** Answers in the form of the vendor that there is not what the script says in OpenAI's. */
  private void answerAsOtherVendor(HttpExchange exchange) throws IOException {
    JsonNode sent = JSON.readTree(exchange.getRequestBody().readAllBytes());
    Request request =
        new Request(
            "Bearer " + exchange.getRequestHeaders().getFirst("x-secret"),
            OtherVendorForm.request(sent),
            sent);
    requests.add(request);
    Answer answer = script.apply(request);
    send(
        exchange,
        new Answer(
            answer.status(),
            OtherVendorForm.answer(answer.body()),
            answer.headers(),
            answer.pieces(),
            answer.cut()));
  }

  private static void send(HttpExchange exchange, Answer answer) throws IOException {
    if (answer.status() == 0) {
      exchange.close();
      return;
    }
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    answer.headers().forEach(exchange.getResponseHeaders()::set);
    byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
    boolean inPieces = answer.pieces() != null;
    exchange.sendResponseHeaders(
        answer.status(), answer.cut() ? NEVER_REACHED : inPieces ? 0 : body.length);
    try (exchange) {
      OutputStream out = exchange.getResponseBody();
      out.write(body);
      if (answer.pieces() != null) {
        answer.pieces().to(out);
      }
      out.flush();
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
