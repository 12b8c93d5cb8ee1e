package dev.errand.models.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.errand.base.egress.client.EventReader;
import dev.errand.base.egress.client.GuardedExchange;
import dev.errand.base.json.Json;
import dev.errand.base.limit.JsonWeight;
import dev.errand.models.port.ModelConfig;
import io.vertx.core.buffer.Buffer;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** Reads the bytes of an answer, whole or streamed, within its {@link AnswerBudget}. */
@Singleton
class AnswerReader {
  // The wait for the end of the body after the last event; reading it keeps the connection
  // reusable.
  private static final Duration GRACE = Duration.ofMillis(200);
  // A streamed answer has this many times the bytes of its text, because each event repeats fields.
  private static final int AROUND = 32;

  private final Json json;
  private final ModelConfig config;

  AnswerReader(Json json, ModelConfig config) {
    this.json = json;
    this.config = config;
  }

  /** Reads a body to its end; an empty object where it is not JSON. */
  JsonNode whole(GuardedExchange exchange, AnswerBudget budget)
      throws IOException, InterruptedException {
    Buffer all = Buffer.buffer();
    JsonWeight weight = new JsonWeight();
    for (byte[] piece = exchange.next(); piece != null; piece = exchange.next()) {
      weight.add(piece, 0, piece.length);
      budget.holdText(all.length() + (long) piece.length, weight.bytes());
      all.appendBytes(piece);
    }
    return json.parse(all.toString(StandardCharsets.UTF_8)).orElseGet(json::object);
  }

  /**
   * A streamed answer.
   *
   * @param answer the answer in the form of an unstreamed one
   * @param first when its first event came, by {@link System#nanoTime}
   */
  record Streamed(JsonNode answer, long first) {}

  /**
   * Reads a stream of events to the end of the answer.
   *
   * @param text receives the pieces of the message's text
   * @return the answer in the form of an unstreamed one, and when its first event came
   * @throws IOException when the stream ends before the answer does
   */
  Streamed stream(
      GuardedExchange exchange,
      String host,
      AnswerBudget budget,
      AnswerParser.Streamed answer,
      Consumer<String> text)
      throws IOException, InterruptedException {
    EventReader reader = new EventReader();
    long most = config.maxAnswer().asLongValue();
    long arrived = 0;
    long first = 0;
    while (true) {
      byte[] piece = exchange.next();
      arrived += piece == null ? 0 : piece.length;
      if (arrived > most * AROUND) {
        throw new ModelAnswerTooLargeException(host, most * AROUND);
      }
      List<String> events = piece == null ? reader.end() : reader.read(piece);
      if (first == 0 && !events.isEmpty()) {
        first = System.nanoTime();
      }
      for (String event : events) {
        budget.holdText(event.length(), answer.weight() + JsonWeight.of(event));
        String more =
            answer.add(json.parse(event).orElseGet(() -> TextNode.valueOf(event.strip())));
        if (answer.isOver()) {
          exchange.drain(GRACE);
          return new Streamed(answer.whole(), first);
        }
        if (!more.isEmpty()) {
          text.accept(more);
        }
      }
      budget.holdText(reader.pending(), answer.weight());
      if (answer.length() > most) {
        throw new ModelAnswerTooLargeException(host, most);
      }
      if (piece == null) {
        if (answer.isWhole()) {
          return new Streamed(answer.whole(), first);
        }
        throw new IOException("The stream ended before the message did.");
      }
    }
  }
}
