package dev.errand.runner.openai;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** Reads a chat completion that comes in pieces. */
@ApplicationScoped
class StreamReader {
  private static final String DONE = "[DONE]";
  // What follows the last event is the end of the body, if anything, and keeps the connection.
  private static final long GRACE = TimeUnit.MILLISECONDS.toNanos(200);

  private final ObjectMapper json;
  private final OpenAiConfig config;

  StreamReader(ObjectMapper json, OpenAiConfig config) {
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
  JsonNode read(ModelExchange exchange, String host, long until, Consumer<String> text)
      throws IOException, InterruptedException, TimeoutException {
    EventReader reader = new EventReader();
    StreamedCompletion completion = new StreamedCompletion();
    long size = 0;
    while (true) {
      byte[] piece = exchange.next(until);
      List<String> events = piece == null ? reader.end() : reader.read(piece);
      for (String event : events) {
        if (event.strip().equals(DONE)) {
          drain(exchange, until);
          return completion.whole();
        }
        JsonNode chunk = parse(event);
        if (!chunk.isObject() || chunk.hasNonNull("error")) {
          return chunk;
        }
        size += chunk.path("choices").toString().length();
        if (size > config.maxAnswer().asLongValue()) {
          throw new AnswerTooLargeException(host, config.maxAnswer().asLongValue());
        }
        String more = completion.add(chunk);
        if (!more.isEmpty()) {
          text.accept(more);
        }
      }
      if (piece == null) {
        if (completion.isFinished()) {
          return completion.whole();
        }
        throw new IOException("The stream ended before the message did.");
      }
    }
  }

  private static void drain(ModelExchange exchange, long until) throws InterruptedException {
    long end = Math.min(until, System.nanoTime() + GRACE);
    try {
      while (exchange.next(end) != null) {
        // Nothing is of use after the last event.
      }
    } catch (IOException | TimeoutException e) {
      // The message is whole; the connection is cut when the exchange is closed.
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
