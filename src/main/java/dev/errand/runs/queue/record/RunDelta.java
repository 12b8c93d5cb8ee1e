package dev.errand.runs.queue.record;

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
 * @param runId the run
 * @param text what follows the pieces before it
 * @param restart whether the message begins anew with it, and the pieces before it count no more
 */
public record RunDelta(long runId, String text, boolean restart) {
  // A payload has less than 8000 bytes, of which one character may take six.
  private static final int MOST_CHARACTERS = 1300;

  // A piece may end within a pair of surrogates, which only as an escape get through UTF-8.
  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

  /** This, as payloads for {@code NOTIFY}, in order. */
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

  /** What a payload tells; empty for what was told by this origin itself, or is none. */
  public static Optional<RunDelta> of(String payload, String origin) {
    try {
      JsonNode told = JSON.readTree(payload);
      if (!told.path("run").isIntegralNumber() || told.path("origin").asText().equals(origin)) {
        return Optional.empty();
      }
      return Optional.of(
          new RunDelta(
              told.path("run").asLong(),
              told.path("text").asText(),
              told.path("restart").asBoolean()));
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }
}
