package dev.errand.models.openai;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.errand.base.budget.JsonWeight;
import dev.errand.base.egress.client.GuardedExchange;
import dev.errand.models.model.settings.ModelConfig;
import dev.errand.models.wire.AnswerRoom;
import dev.errand.models.wire.EventReader;
import dev.errand.models.wire.ModelAnswerTooLargeException;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** Reads a chat completion that comes in pieces. */
@ApplicationScoped
class StreamReader {
  private static final String DONE = "[DONE]";
  // What follows the last event is the end of the body, if anything, and keeps the connection.
  private static final Duration GRACE = Duration.ofMillis(200);
  // What comes in pieces has much around each of them.
  private static final int AROUND = 32;

  private final ObjectMapper json;
  private final ModelConfig config;

  StreamReader(ObjectMapper json, ModelConfig config) {
    this.json = json;
    this.config = config;
  }

  /**
   * Reads it to its end.
   *
   * @param host whom it is from, for messages
   * @param text takes the text of the message as it comes
   * @return the completion as if it had come at once; an object with an {@code error} where the
   *     server told of one
   * @throws IOException when the stream ends before the message does
   */
  JsonNode read(GuardedExchange exchange, String host, AnswerRoom room, Consumer<String> text)
      throws IOException, InterruptedException {
    EventReader reader = new EventReader();
    StreamedCompletion completion = new StreamedCompletion();
    long most = config.maxAnswer().asLongValue();
    long arrived = 0;
    while (true) {
      byte[] piece = exchange.next();
      arrived += piece == null ? 0 : piece.length;
      if (arrived > most * AROUND) {
        throw new ModelAnswerTooLargeException(host, most * AROUND);
      }
      List<String> events = piece == null ? reader.end() : reader.read(piece);
      for (String event : events) {
        if (event.strip().equals(DONE)) {
          exchange.drain(GRACE);
          return completion.whole();
        }
        room.holdText(event.length(), completion.weight() + JsonWeight.of(event));
        JsonNode chunk = parse(event);
        if (!chunk.isObject() || chunk.hasNonNull("error")) {
          return chunk;
        }
        String more = completion.add(chunk);
        if (!more.isEmpty()) {
          text.accept(more);
        }
      }
      room.holdText(reader.pending(), completion.weight());
      if (completion.length() > most) {
        throw new ModelAnswerTooLargeException(host, most);
      }
      if (piece == null) {
        if (completion.isFinished()) {
          return completion.whole();
        }
        throw new IOException("The stream ended before the message did.");
      }
    }
  }

  private JsonNode parse(String event) {
    try {
      return json.readTree(event);
    } catch (JsonProcessingException e) {
      return json.missingNode();
    }
  }
}
