package dev.errand.runs.queue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A piece of a message that a model is still writing.
 *
 * @param text what follows the pieces before it
 * @param restart whether the message starts over with this piece, and earlier pieces are void
 */
public record RunDelta(long runId, String text, boolean restart) {
  // A payload must be shorter than 8000 bytes, and an escaped character takes six.
  private static final int MOST_CHARACTERS = 1300;

  // A piece may end within a surrogate pair; half a pair survives UTF-8 only as an escape.
  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

  /** Splits this piece into payloads for {@code NOTIFY}, in order. */
  public List<String> payloads(String origin) {
    List<String> payloads = new ArrayList<>();
    int from = 0;
    do {
      int to = Math.min(from + MOST_CHARACTERS, text.length());
      try {
        payloads.add(
            JSON.writeValueAsString(
                JSON.createObjectNode()
                    .put("origin", origin)
                    .put("run", runId)
                    .put("text", text.substring(from, to))
                    .put("restart", restart && from == 0)));
      } catch (JsonProcessingException e) {
        throw new IllegalStateException(e);
      }
      from = to;
    } while (from < text.length());
    return payloads;
  }

  /** Parses a payload; empty where it came from this origin itself, or is not valid. */
  public static Optional<RunDelta> of(String payload, String origin) {
    try {
      JsonNode payloadJson = JSON.readTree(payload);
      if (!payloadJson.path("run").isIntegralNumber()
          || payloadJson.path("origin").asText().equals(origin)) {
        return Optional.empty();
      }
      return Optional.of(
          new RunDelta(
              payloadJson.path("run").asLong(),
              payloadJson.path("text").asText(),
              payloadJson.path("restart").asBoolean()));
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }
}
