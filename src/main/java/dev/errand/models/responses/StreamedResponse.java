package dev.errand.models.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.models.wire.AnswerParser;
import dev.errand.models.wire.GrowingJson;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Assembles the events of a streamed response into the response that an unstreamed answer would
 * have. Adding an event takes time by its own size alone: pieces are passed on and not kept, since
 * every item comes once more as a whole.
 */
final class StreamedResponse implements AnswerParser.Streamed {
  private static final String DONE = "[DONE]";

  private final JsonNodeFactory json = JsonNodeFactory.instance;
  private final GrowingJson kept = new GrowingJson(Set.of(), Set.of());
  private final GrowingJson told = new GrowingJson(Set.of(), Set.of());
  private final TreeMap<Integer, JsonNode> items = new TreeMap<>();
  private @Nullable ObjectNode response;
  private @Nullable JsonNode failure;
  private long pieces;
  private boolean hasText;
  private boolean beginsMessage;

  @Override
  public String add(JsonNode event) {
    if (!event.isObject()) {
      // Anything else that is not an event becomes an empty, invalid answer.
      failure = event.asText().equals(DONE) ? failure : json.objectNode();
      return "";
    }
    String delta = event.path("delta").asText("");
    pieces += delta.length();
    switch (event.path("type").asText()) {
      case "response.output_text.delta" -> {
        return text(delta);
      }
      case "response.output_item.added" ->
          beginsMessage |= event.at("/item/type").asText().equals("message");
      case "response.output_item.done" -> keep(event.path("item"), event.path("output_index"));
      case "response.completed" -> end(event, "completed");
      case "response.incomplete" -> end(event, "incomplete");
      case "response.failed" -> end(event, "failed");
      case "error" -> fail(event);
      case "" -> {
        if (event.hasNonNull("error")) {
          fail(event);
        }
      }
      default -> {} // Progress, and pieces of what comes as a whole, too.
    }
    return "";
  }

  // Texts of several messages are apart, as they are in the output.
  private String text(String delta) {
    String piece = beginsMessage && hasText ? "\n\n" + delta : delta;
    beginsMessage = false;
    hasText |= !delta.isEmpty();
    return piece;
  }

  private void keep(JsonNode item, JsonNode index) {
    kept.count(item);
    int next = items.isEmpty() ? 0 : items.lastKey() + 1;
    int place = index.asInt(next);
    JsonNode known = items.get(place);
    // Some servers give all items the same index, but each its own id.
    boolean isOther = known != null && !known.path("id").equals(item.path("id"));
    items.put(isOther ? next : place, item);
  }

  private void end(JsonNode event, String status) {
    response = event.path("response") instanceof ObjectNode sent ? sent : json.objectNode();
    if (!response.path("status").isTextual()) {
      response.put("status", status);
    }
    told.count(response);
  }

  private void fail(JsonNode event) {
    JsonNode nested = event.path("error");
    failure = json.objectNode().set("error", nested.isObject() ? nested : event);
  }

  @Override
  public boolean isOver() {
    return response != null || failure != null;
  }

  @Override
  public boolean isWhole() {
    return response != null;
  }

  @Override
  public long length() {
    return Math.max(pieces, Math.max(kept.length(), told.length()));
  }

  @Override
  public long weight() {
    return kept.weight() + told.weight();
  }

  /** The response; without output if its text came, and no item. */
  @Override
  public JsonNode whole() {
    if (failure != null) {
      return failure;
    }
    if (response == null) {
      return json.objectNode();
    }
    // Some servers leave the output out of the last event.
    if (response.path("output").size() < items.size()) {
      response.putArray("output").addAll(items.values());
    } else if (hasText && response.path("output").isEmpty()) {
      response.remove("output");
    }
    return response;
  }
}
