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
import dev.errand.base.limit.AnswerMemory;
import dev.errand.base.limit.BudgetExhaustedException;
import dev.errand.base.limit.ByteBudget;
import dev.errand.base.limit.JsonWeight;
import dev.errand.tools.port.ToolEgress;
import dev.errand.tools.port.ToolProgress;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Streamable HTTP: sends one message by POST and reads the response to it, from JSON or from a
 * stream of events. In the older revisions, a server may end that stream early and give the
 * response on another one, which the client opens by GET. Redirects are followed only within the
 * server's origin, so that no other server gets the message.
 */
@ApplicationScoped
class StreamableHttp {
  private static final int MOST_REDIRECTS = 5;
  private static final int MOST_FAILURES = 3;
  private static final Duration CONNECT_TIME = Duration.ofSeconds(10);
  private static final Duration DRAIN_TIME = Duration.ofMillis(20);
  // Each time is a request that the run keeps.
  private static final Duration SHORTEST_RETRY = Duration.ofMillis(500);
  private static final Duration USUAL_RETRY = Duration.ofSeconds(1);
  private static final String POST = "POST";
  private static final String GET = "GET";
  private static final String SESSION = "mcp-session-id";
  private static final String LAST_EVENT = "last-event-id";
  private static final int LONGEST_EVENT_ID = 4096;
  // A server that sends endless requests gets no more answers, but its own answer is still awaited.
  private static final int MOST_ASKED = 100;

  private final GuardedConnections connections;
  private final Json json;
  private final ByteBudget budget;

  StreamableHttp(GuardedConnections connections, Json json, ByteBudget budget) {
    this.connections = connections;
    this.json = json;
    this.budget = budget;
  }

  /** Memory for the answers of one exchange, of which nothing is held yet. */
  AnswerMemory memory() {
    return new AnswerMemory(budget, AnswerMemory.Peer.REMOTE_SERVER);
  }

  /**
   * What will be read of a stream of a session.
   *
   * @param asked receives each request of the server, up to a hundred on one stream; it must not
   *     block
   */
  Listening listening(Consumer<JsonNode> asked) {
    return new Listening(memory(), asked);
  }

  /**
   * Sends a message in the revision 2026-07-28, in which the answer is on one stream and servers
   * send no requests, or one without an answer.
   *
   * @param message a request with a number as its id, or a notification without one
   * @throws McpException when there is no complete answer; a complete one may have any status
   */
  McpReply post(
      McpEndpoint endpoint, Map<String, String> fields, ObjectNode message, McpLimits limits)
      throws McpException, InterruptedException {
    return post(endpoint, fields, message, limits, null);
  }

  /**
   * Sends a message to a server of an older revision, which may send requests itself before it
   * answers, and may close the stream and have the client come back for the answer (SEP-1699).
   *
   * @param asked receives each request of the server, up to a hundred; it must not block. Null in
   *     2026-07-28
   */
  McpReply post(
      McpEndpoint endpoint,
      Map<String, String> fields,
      ObjectNode message,
      McpLimits limits,
      @Nullable Consumer<JsonNode> asked)
      throws McpException, InterruptedException {
    Map<String, String> headers = headers(endpoint, fields);
    headers.put("content-type", "application/json");
    headers.put("accept", "application/json, text/event-stream");
    byte[] body = WellFormed.bytes(message.toString());
    String url = endpoint.url();
    Reading reading = new Reading(message, limits, asked);
    for (int redirects = 0; ; redirects++) {
      String place = McpEndpoint.place(url);
      Exchanged exchanged =
          exchange(
              POST,
              url,
              headers,
              body,
              reading,
              (exchange, head) -> answer(exchange, head, place, reading));
      if (exchanged.reply != null) {
        return exchanged.reply;
      }
      if (exchanged.location.isEmpty()) {
        return goOn(url, headers(endpoint, fields), reading);
      }
      if (redirects == MOST_REDIRECTS) {
        throw new McpException(McpFailure.UNUSABLE, place + " redirects too often.");
      }
      url = followed(url, exchanged.location);
    }
  }

  private static Map<String, String> headers(McpEndpoint endpoint, Map<String, String> fields) {
    Map<String, String> headers = new HashMap<>();
    endpoint.headers().forEach((name, value) -> headers.put(name.toLowerCase(Locale.ROOT), value));
    fields.forEach((name, value) -> headers.put(name.toLowerCase(Locale.ROOT), value));
    return headers;
  }

  /** A reply, the location of a redirect, or neither, where the reply comes on another stream. */
  private record Exchanged(@Nullable McpReply reply, String location) {}

  private Exchanged answer(
      GuardedExchange exchange, GuardedExchange.Head head, String place, Reading reading)
      throws IOException, McpException, InterruptedException {
    String location = head.headers().get("location");
    if ((head.status() == 307 || head.status() == 308) && location != null) {
      return new Exchanged(null, location);
    }
    if (reading.id == null || !isStream(head)) {
      return new Exchanged(document(exchange, head, place, reading), "");
    }
    @Nullable McpReply reply;
    try {
      reply = events(exchange, head, place, reading);
    } catch (SocketTimeoutException e) {
      throw e;
    } catch (IOException e) {
      if (!reading.canGoOn()) {
        throw e;
      }
      reply = null;
    }
    if (reply == null && !reading.canGoOn()) {
      throw withoutResult(place);
    }
    return new Exchanged(reply, "");
  }

  private static McpException withoutResult(String place) {
    return new McpException(McpFailure.BROKEN, place + " ended its answer without a result.");
  }

  /** Comes back for the answer of a server that ended the stream before it, as often as it does. */
  private McpReply goOn(String url, Map<String, String> headers, Reading reading)
      throws McpException, InterruptedException {
    String place = McpEndpoint.place(url);
    headers.put("accept", "text/event-stream");
    for (int failures = 0; failures < MOST_FAILURES; ) {
      Duration left = reading.limits.left();
      if (reading.retry.compareTo(left) >= 0) {
        throw late(place);
      }
      Thread.sleep(reading.retry);
      headers.put(LAST_EVENT, Objects.requireNonNull(reading.lastEvent));
      Optional<Exchanged> exchanged;
      try {
        exchanged =
            exchange(
                GET,
                url,
                headers,
                new byte[0],
                reading,
                (exchange, head) -> rest(exchange, head, place, reading));
      } catch (McpException e) {
        failures++;
        boolean mayPass =
            switch (e.kind()) {
              case BUSY, UNREACHED, BROKEN -> failures < MOST_FAILURES && !reading.limits.isOver();
              case REFUSED, UNAUTHORIZED, UNUSABLE, ERROR -> false;
            };
        if (!mayPass) {
          throw new McpException(
              e.kind() == McpFailure.UNUSABLE ? e.kind() : McpFailure.BROKEN, e.sentence());
        }
        continue;
      }
      if (exchanged.isEmpty()) {
        break;
      }
      @Nullable McpReply reply = exchanged.get().reply;
      if (reply != null) {
        return reply;
      }
      failures = 0;
    }
    throw withoutResult(place);
  }

  /** Reads the rest of an answer; empty where the server has none. */
  private Optional<Exchanged> rest(
      GuardedExchange exchange, GuardedExchange.Head head, String place, Reading reading)
      throws IOException, McpException, InterruptedException {
    if (head.status() == 429 || head.status() >= 500) {
      throw new McpException(
          McpFailure.BUSY, "%s answered with status %d.".formatted(place, head.status()));
    }
    return head.status() == 200 && isStream(head)
        ? Optional.of(answer(exchange, head, place, reading))
        : Optional.empty();
  }

  private static McpException late(String place) {
    return new McpException(McpFailure.BROKEN, place + " did not answer completely in time.");
  }

  /** How the stream of a session ended, or why there was none. */
  enum Heard {
    /** It ended; it can be opened again. */
    ENDED,
    /** There was none, but there may be one later. */
    NOT_NOW,
    /** The server has no such stream, or sends more than is read. */
    NONE
  }

  /**
   * Reads the stream on which a server of an older revision sends what belongs to no request of
   * this client, until it ends.
   *
   * @param known what was read before of the same stream
   * @param opened is told once it is open
   */
  Heard listen(McpEndpoint endpoint, Map<String, String> fields, Listening known, Runnable opened)
      throws InterruptedException {
    Map<String, String> headers = headers(endpoint, fields);
    headers.put("accept", "text/event-stream");
    Reading reading = known.reading;
    reading.renew();
    if (reading.lastEvent != null) {
      headers.put(LAST_EVENT, reading.lastEvent);
    }
    try {
      return exchange(
          GET,
          endpoint.url(),
          headers,
          new byte[0],
          reading,
          (exchange, head) -> {
            if (head.status() == 200 && isStream(head)) {
              opened.run();
              var _ = events(exchange, head, endpoint.place(), reading);
              return Heard.ENDED;
            }
            boolean mayPass = head.status() == 409 || head.status() == 429 || head.status() >= 500;
            return mayPass ? Heard.NOT_NOW : Heard.NONE;
          });
    } catch (McpException e) {
      return e.kind() == McpFailure.UNUSABLE || e.kind() == McpFailure.REFUSED
          ? Heard.NONE
          : Heard.NOT_NOW;
    } finally {
      reading.limits.memory().release();
    }
  }

  /** The stream of a session as it was read so far. */
  static final class Listening {
    private static final Duration LONGEST = Duration.ofMinutes(10);
    private static final int MOST_BYTES = 1 << 20;

    private final Reading reading;

    private Listening(AnswerMemory memory, Consumer<JsonNode> asked) {
      this.reading = new Reading(null, McpLimits.of(LONGEST, MOST_BYTES, memory), asked);
    }

    /** How long to wait before the stream is opened again. */
    Duration retry() {
      return reading.retry.compareTo(USUAL_RETRY) < 0 ? USUAL_RETRY : reading.retry;
    }
  }

  /** Reads an answer once it has begun. */
  @FunctionalInterface
  private interface Reader<T> {
    T read(GuardedExchange exchange, GuardedExchange.Head head)
        throws IOException, McpException, InterruptedException;
  }

  private <T> T exchange(
      String method,
      String url,
      Map<String, String> headers,
      byte[] body,
      Reading reading,
      Reader<T> reader)
      throws McpException, InterruptedException {
    McpLimits limits = reading.limits;
    GuardedConnections.Request request =
        new GuardedConnections.Request(
            method, url, headers, body, limits.left(), CONNECT_TIME, false);
    String host = ToolEgress.hostOf(url);
    long begun = System.nanoTime();
    long before = reading.bytes;
    try (GuardedExchange exchange = connect(request)) {
      GuardedExchange.Head head = exchange.send();
      T read = reader.read(exchange, head);
      limits
          .log()
          .request(
              ToolEgress.answered(
                  host, method, head.status(), reading.bytes - before, since(begun)));
      return read;
    } catch (SocketTimeoutException e) {
      throw logged(late(McpEndpoint.place(url)), host, method, begun, limits);
    } catch (IOException e) {
      throw logged(
          new McpException(McpFailure.BROKEN, String.valueOf(e.getMessage())),
          host,
          method,
          begun,
          limits);
    } catch (McpException e) {
      throw logged(e, host, method, begun, limits);
    }
  }

  private static McpException logged(
      McpException e, String host, String method, long begun, McpLimits limits) {
    String why = e.sentence();
    limits
        .log()
        .request(
            e.kind() == McpFailure.REFUSED
                ? ToolEgress.refused(host, method, since(begun), why)
                : ToolEgress.failed(host, method, since(begun), why));
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
      throw new McpException(McpFailure.REFUSED, e.sentence(McpEndpoint.place(request.url())));
    } catch (IOException e) {
      throw new McpException(McpFailure.UNREACHED, String.valueOf(e.getMessage()));
    }
  }

  private static boolean isStream(GuardedExchange.Head head) {
    return type(head).startsWith("text/event-stream");
  }

  private static String type(GuardedExchange.Head head) {
    return String.valueOf(head.headers().get("content-type")).toLowerCase(Locale.ROOT);
  }

  private static McpReply reply(GuardedExchange.Head head, JsonNode message, Reading reading) {
    return new McpReply(
        head.status(),
        message,
        head.headers().get(SESSION),
        String.join(", ", head.headers().getAll("www-authenticate")),
        reading.bytes);
  }

  /** Reads a stream up to the answer; null where it ends before. */
  private @Nullable McpReply events(
      GuardedExchange exchange, GuardedExchange.Head head, String place, Reading reading)
      throws IOException, McpException, InterruptedException {
    EventReader events = new EventReader();
    for (byte[] piece = exchange.next(); piece != null; piece = exchange.next()) {
      reading.count(piece, place);
      List<String> whole = events.read(piece);
      reading.remember(events);
      for (String event : whole) {
        reading.hold(event.length(), JsonWeight.of(event), place);
        JsonNode sent = message(event, place);
        // The revision 2025-03-26 has batches.
        for (JsonNode message : sent.isArray() ? sent : List.of(sent)) {
          if (message.has("method")) {
            reading.received(message);
          } else if (reading.id != null && isAnswer(message, reading.id)) {
            exchange.drain(DRAIN_TIME);
            return reply(head, message, reading);
          }
        }
      }
      reading.hold(events.pending(), 0, place);
    }
    return null;
  }

  private McpReply document(
      GuardedExchange exchange, GuardedExchange.Head head, String place, Reading reading)
      throws IOException, McpException, InterruptedException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    JsonWeight weight = new JsonWeight();
    for (byte[] piece = exchange.next(); piece != null; piece = exchange.next()) {
      reading.count(piece, place);
      weight.add(piece, 0, piece.length);
      reading.hold(body.size() + (long) piece.length, weight.bytes(), place);
      body.writeBytes(piece);
    }
    boolean isJson = type(head).startsWith("application/json");
    JsonNode message =
        isJson ? json.parse(body.toByteArray()).orElse(McpReply.NONE) : McpReply.NONE;
    if (reading.id != null && head.status() == 200 && !isAnswer(message, reading.id)) {
      throw new McpException(
          McpFailure.UNUSABLE, place + " did not answer with a JSON-RPC response.");
    }
    return reply(head, message, reading);
  }

  private static boolean isAnswer(JsonNode message, JsonNode id) {
    // An error about a request that was not understood has no id.
    return (message.has("result") && message.path("id").asText().equals(id.asText()))
        || message.path("error").isObject();
  }

  private JsonNode message(String event, String place) throws McpException {
    JsonNode message = json.parse(event).orElse(McpReply.NONE);
    if (!event.isBlank() && !message.isObject() && !message.isArray()) {
      throw new McpException(McpFailure.UNUSABLE, place + " sent an event that is not JSON.");
    }
    return message;
  }

  /** What is known of an answer while it is read, over all streams on which it comes. */
  private static final class Reading {
    private final @Nullable JsonNode id;
    private final JsonNode progressToken;
    private final @Nullable Consumer<JsonNode> asked;
    private final long heldBefore;
    private McpLimits limits;
    private long bytes;
    private int requests;
    private @Nullable String lastEvent;
    private Duration retry = USUAL_RETRY;

    /**
     * @param request the message that is answered; null for none
     */
    Reading(@Nullable ObjectNode request, McpLimits limits, @Nullable Consumer<JsonNode> asked) {
      this.id = request == null ? null : request.get("id");
      this.progressToken =
          request == null ? McpReply.NONE : request.at("/params/_meta/progressToken");
      this.limits = limits;
      this.heldBefore = limits.memory().bytes();
      this.asked = asked;
    }

    /** Grants another stream the limits of the first. */
    void renew() {
      limits = McpLimits.of(Listening.LONGEST, limits.bytes(), limits.memory());
      bytes = 0;
      requests = 0;
    }

    /** Whether the server may be asked for the rest of a stream that has ended. */
    boolean canGoOn() {
      return asked != null && lastEvent != null;
    }

    void count(byte[] piece, String place) throws McpException {
      bytes += piece.length;
      if (bytes > limits.bytes()) {
        throw new McpException(
            McpFailure.UNUSABLE,
            "%s answered with more than the %d bytes that are read."
                .formatted(place, limits.bytes()));
      }
    }

    /** Holds memory for what is parsed next, in place of what was parsed before of this answer. */
    void hold(long read, long weight, String place) throws McpException, InterruptedException {
      try {
        limits.memory().hold(heldBefore, read, weight, limits.left());
      } catch (BudgetExhaustedException e) {
        throw new McpException(
            e.isPassing() ? McpFailure.BROKEN : McpFailure.UNUSABLE,
            "The answer of %s was not read. %s.".formatted(place, e.getMessage()));
      }
    }

    void remember(EventReader events) {
      String now = events.lastId();
      // It is sent back in a header field.
      if (now != null
          && now.length() <= LONGEST_EVENT_ID
          && now.equals(now.strip())
          && now.chars().allMatch(c -> c >= ' ' && c <= '~')) {
        lastEvent = now;
      }
      Duration wanted = events.retry();
      if (wanted != null) {
        retry = wanted.compareTo(SHORTEST_RETRY) < 0 ? SHORTEST_RETRY : wanted;
      }
    }

    /** Passes on a request or the progress of this one; other notifications are skipped. */
    void received(JsonNode message) {
      if (message.has("id")) {
        if (asked != null && ++requests <= MOST_ASKED) {
          asked.accept(message);
        }
      } else if (message.path("method").asText().equals("notifications/progress")
          && !progressToken.isMissingNode()
          && progressToken.equals(message.at("/params/progressToken"))) {
        ToolProgress.of(message.path("params")).ifPresent(limits.log()::progress);
      }
    }
  }

  private static String followed(String url, String location) throws McpException {
    try {
      Target from = Target.parse(url);
      Target to = from.resolve(location);
      if (!to.origin().equals(from.origin())) {
        throw new McpException(
            McpFailure.UNUSABLE,
            from.place()
                + " redirects to another server, which is not followed: install that one's address,"
                + " if it is the right one.");
      }
      return to.uri().toString();
    } catch (EgressRefusedException e) {
      throw new McpException(
          McpFailure.UNUSABLE,
          McpEndpoint.place(url) + " redirects to an address that can't be called.");
    }
  }
}
