package dev.errand.tools.mcp.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.egress.address.EgressRefusedException;
import dev.errand.base.egress.address.Target;
import dev.errand.base.egress.client.EventReader;
import dev.errand.base.egress.client.GuardedConnections;
import dev.errand.base.egress.client.GuardedExchange;
import dev.errand.base.json.Json;
import dev.errand.base.json.WellFormed;
import dev.errand.tools.mcp.wire.McpException.Kind;
import dev.errand.tools.port.ToolEgress;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Streamable HTTP: sends one message by POST and reads the response to it, from JSON or from a
 * stream of events. Redirects are followed only within the server's origin, so that no other server
 * gets the message.
 */
@ApplicationScoped
class StreamableHttp {
  private static final int MOST_REDIRECTS = 5;
  private static final Duration CONNECT_TIME = Duration.ofSeconds(10);
  private static final Duration DRAIN_TIME = Duration.ofMillis(20);
  private static final String POST = "POST";
  private static final String SESSION = "mcp-session-id";
  // A server that sends endless requests gets no more answers, but its own answer is still awaited.
  private static final int MOST_ASKED = 100;

  private final GuardedConnections connections;
  private final Json json;

  StreamableHttp(GuardedConnections connections, Json json) {
    this.connections = connections;
    this.json = json;
  }

  /**
   * Sends a message.
   *
   * @param message a request with a number as its id, or a notification without one
   * @throws McpException when there is no complete answer; a complete one may have any status
   */
  McpReply post(
      McpEndpoint endpoint, Map<String, String> fields, ObjectNode message, McpLimits limits)
      throws McpException, InterruptedException {
    return post(endpoint, fields, message, limits, asked -> {});
  }

  /**
   * Sends a message to a server that may send requests itself before it answers.
   *
   * @param asked receives each request of the server, up to a hundred; it must not block
   */
  McpReply post(
      McpEndpoint endpoint,
      Map<String, String> fields,
      ObjectNode message,
      McpLimits limits,
      Consumer<JsonNode> asked)
      throws McpException, InterruptedException {
    Map<String, String> headers = new HashMap<>();
    endpoint.headers().forEach((name, value) -> headers.put(name.toLowerCase(Locale.ROOT), value));
    fields.forEach((name, value) -> headers.put(name.toLowerCase(Locale.ROOT), value));
    headers.put("content-type", "application/json");
    headers.put("accept", "application/json, text/event-stream");
    byte[] body = WellFormed.bytes(message.toString());
    String url = endpoint.url();
    for (int redirects = 0; ; redirects++) {
      Exchanged exchanged = exchange(url, headers, body, message.get("id"), limits, asked);
      if (exchanged.reply != null) {
        return exchanged.reply;
      }
      if (redirects == MOST_REDIRECTS) {
        throw new McpException(Kind.UNUSABLE, McpEndpoint.place(url) + " redirects too often.");
      }
      url = followed(url, exchanged.location);
    }
  }

  /** A reply, or the location of a redirect. */
  private record Exchanged(@Nullable McpReply reply, String location) {}

  private Exchanged exchange(
      String url,
      Map<String, String> headers,
      byte[] body,
      @Nullable JsonNode id,
      McpLimits limits,
      Consumer<JsonNode> asked)
      throws McpException, InterruptedException {
    GuardedConnections.Request request =
        new GuardedConnections.Request(
            POST, url, headers, body, limits.left(), CONNECT_TIME, false);
    String host = ToolEgress.hostOf(url);
    long begun = System.nanoTime();
    try (GuardedExchange exchange = connect(request)) {
      GuardedExchange.Head head = exchange.send();
      String location = head.headers().get("location");
      if ((head.status() == 307 || head.status() == 308) && location != null) {
        limits.log().request(ToolEgress.answered(host, POST, head.status(), 0, since(begun)));
        return new Exchanged(null, location);
      }
      McpReply reply = read(exchange, head, id, McpEndpoint.place(url), limits, asked);
      limits
          .log()
          .request(ToolEgress.answered(host, POST, reply.status(), reply.bytes(), since(begun)));
      return new Exchanged(reply, "");
    } catch (SocketTimeoutException e) {
      throw logged(
          new McpException(
              Kind.BROKEN, McpEndpoint.place(url) + " did not answer completely in time."),
          host,
          begun,
          limits);
    } catch (IOException e) {
      throw logged(
          new McpException(Kind.BROKEN, String.valueOf(e.getMessage())), host, begun, limits);
    } catch (McpException e) {
      throw logged(e, host, begun, limits);
    }
  }

  private static McpException logged(McpException e, String host, long begun, McpLimits limits) {
    String why = e.sentence();
    limits
        .log()
        .request(
            e.kind() == Kind.REFUSED
                ? ToolEgress.refused(host, POST, since(begun), why)
                : ToolEgress.failed(host, POST, since(begun), why));
    return e;
  }

  private static long since(long begun) {
    return (System.nanoTime() - begun) / 1_000_000;
  }

  private GuardedExchange connect(GuardedConnections.Request request)
      throws McpException, InterruptedException {
    try {
      return connections.connect(request);
    } catch (EgressRefusedException e) {
      throw new McpException(Kind.REFUSED, e.sentence(McpEndpoint.place(request.url())));
    } catch (IOException e) {
      throw new McpException(Kind.UNREACHED, String.valueOf(e.getMessage()));
    }
  }

  private McpReply read(
      GuardedExchange exchange,
      GuardedExchange.Head head,
      @Nullable JsonNode id,
      String place,
      McpLimits limits,
      Consumer<JsonNode> asked)
      throws IOException, McpException, InterruptedException {
    String type = String.valueOf(head.headers().get("content-type")).toLowerCase(Locale.ROOT);
    String session = head.headers().get(SESSION);
    String challenge = String.join(", ", head.headers().getAll("www-authenticate"));
    if (type.startsWith("text/event-stream") && id != null) {
      EventReader events = new EventReader();
      Count count = new Count(place, limits.bytes());
      int requests = 0;
      for (byte[] piece = exchange.next(); piece != null; piece = exchange.next()) {
        count.add(piece);
        for (String event : events.read(piece)) {
          JsonNode message = message(event, place);
          // Notifications are skipped.
          if (message.has("method")) {
            if (message.has("id") && ++requests <= MOST_ASKED) {
              asked.accept(message);
            }
          } else if (isAnswer(message, id)) {
            exchange.drain(DRAIN_TIME);
            return new McpReply(head.status(), message, session, challenge, count.bytes);
          }
        }
      }
      throw new McpException(Kind.BROKEN, place + " ended its answer without a result.");
    }
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    Count count = new Count(place, limits.bytes());
    for (byte[] piece = exchange.next(); piece != null; piece = exchange.next()) {
      count.add(piece);
      body.writeBytes(piece);
    }
    boolean isJson = type.startsWith("application/json");
    JsonNode message =
        isJson ? json.parse(body.toByteArray()).orElse(McpReply.NONE) : McpReply.NONE;
    if (id != null && head.status() == 200 && !isAnswer(message, id)) {
      throw new McpException(Kind.UNUSABLE, place + " did not answer with a JSON-RPC response.");
    }
    return new McpReply(head.status(), message, session, challenge, count.bytes);
  }

  private static boolean isAnswer(JsonNode message, JsonNode id) {
    // An error about a request that was not understood has no id.
    return (message.has("result") && message.path("id").asText().equals(id.asText()))
        || message.path("error").isObject();
  }

  private JsonNode message(String event, String place) throws McpException {
    JsonNode message = json.parse(event).orElse(McpReply.NONE);
    if (!event.isBlank() && !message.isObject() && !message.isArray()) {
      throw new McpException(Kind.UNUSABLE, place + " sent an event that is not JSON.");
    }
    return message;
  }

  /** Counts the bytes that are read, up to a limit. */
  private static final class Count {
    private final String place;
    private final int most;
    private long bytes;

    Count(String place, int most) {
      this.place = place;
      this.most = most;
    }

    void add(byte[] piece) throws McpException {
      bytes += piece.length;
      if (bytes > most) {
        throw new McpException(
            Kind.UNUSABLE,
            "%s answered with more than the %d bytes that are read.".formatted(place, most));
      }
    }
  }

  private static String followed(String url, String location) throws McpException {
    try {
      Target from = Target.parse(url);
      Target to = from.resolve(location);
      if (!to.origin().equals(from.origin())) {
        throw new McpException(
            Kind.UNUSABLE,
            from.place()
                + " redirects to another server, which is not followed: install that one's address,"
                + " if it is the right one.");
      }
      return to.uri().toString();
    } catch (EgressRefusedException e) {
      throw new McpException(
          Kind.UNUSABLE, McpEndpoint.place(url) + " redirects to an address that can't be called.");
    }
  }
}
