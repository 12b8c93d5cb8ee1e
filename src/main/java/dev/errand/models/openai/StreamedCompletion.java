package dev.errand.models.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.models.wire.AnswerParser;
import dev.errand.models.wire.GrowingJson;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Assembles the chunks of a streamed chat completion into the completion that an unstreamed answer
 * would have. Adding a chunk takes time by its own size alone.
 */
final class StreamedCompletion implements AnswerParser.Streamed {
  private static final String DONE = "[DONE]";
  // Fields that each chunk repeats in full.
  private static final Set<String> WHOLE = Set.of("id", "type", "role", "format");
  // Fields that come in pieces from some servers, and in full with each chunk from others.
  private static final Set<String> REPEATED = Set.of("name");

  private final JsonNodeFactory json = JsonNodeFactory.instance;
  private final GrowingJson growth = new GrowingJson(WHOLE, REPEATED);
  private final ObjectNode completion = json.objectNode();
  private final ObjectNode message = json.objectNode();
  private final List<ObjectNode> calls = new ArrayList<>();
  private final Map<Integer, ObjectNode> callsByIndex = new HashMap<>();
  private @Nullable JsonNode finish;
  private @Nullable JsonNode failure;
  private boolean begun;
  private boolean done;

  @Override
  public String add(JsonNode chunk) {
    if (chunk.isTextual() && chunk.textValue().equals(DONE)) {
      done = true;
      return "";
    }
    if (!chunk.isObject() || chunk.hasNonNull("error")) {
      failure = failure(chunk);
      return "";
    }
    if (chunk.path("id").isTextual() && !completion.has("id")) {
      completion.set("id", chunk.get("id"));
    }
    if (chunk.path("model").isTextual()) {
      completion.set("model", chunk.get("model"));
    }
    if (chunk.path("service_tier").isTextual()) {
      completion.set("service_tier", chunk.get("service_tier"));
    }
    if (chunk.path("usage").isObject()) {
      completion.set("usage", chunk.get("usage"));
    }
    JsonNode choice = chunk.path("choices").path(0);
    if (choice.path("index").asInt(0) != 0) {
      return "";
    }
    begun |= choice.isObject();
    if (choice.path("finish_reason").isTextual()) {
      finish = choice.get("finish_reason");
    }
    // Some servers end a stream with the whole message.
    if (!(choice.path("delta") instanceof ObjectNode delta)) {
      if (choice.path("message") instanceof ObjectNode whole) {
        message.removeAll();
        calls.clear();
        growth.count(whole);
        message.setAll(whole);
      }
      return "";
    }
    for (Map.Entry<String, JsonNode> field : delta.properties()) {
      if (field.getKey().equals("tool_calls")) {
        field.getValue().forEach(this::mergeCall);
      } else {
        growth.merge(message, field.getKey(), field.getValue());
      }
    }
    return delta.path("content").isTextual() ? delta.path("content").asText() : "";
  }

  // An error may be a bare text. Anything else that is not a chunk becomes an empty, invalid
  // answer.
  private ObjectNode failure(JsonNode chunk) {
    ObjectNode answer = json.objectNode();
    if (chunk.hasNonNull("error")) {
      JsonNode error = chunk.get("error");
      answer.set("error", error.isObject() ? error : json.objectNode());
    }
    return answer;
  }

  @Override
  public boolean isOver() {
    return done || failure != null;
  }

  @Override
  public boolean isWhole() {
    return finish != null;
  }

  @Override
  public long length() {
    return growth.length();
  }

  @Override
  public long weight() {
    return growth.weight();
  }

  /** The completion so far; without choices if nothing of the message has arrived. */
  @Override
  public JsonNode whole() {
    if (failure != null) {
      return failure;
    }
    if (!begun) {
      return completion;
    }
    if (!calls.isEmpty()) {
      message.putArray("tool_calls").addAll(calls);
    }
    GrowingJson.settle(message);
    ObjectNode choice = completion.putArray("choices").addObject();
    choice.set("message", message);
    if (finish != null) {
      choice.set("finish_reason", finish);
    }
    return completion;
  }

  private void mergeCall(JsonNode delta) {
    if (!(delta instanceof ObjectNode part)) {
      return;
    }
    ObjectNode call = callFor(part);
    for (Map.Entry<String, JsonNode> field : part.properties()) {
      // The index orders the stream and does not belong in a message.
      if (!field.getKey().equals("index")) {
        growth.merge(call, field.getKey(), field.getValue());
      }
    }
  }

  private ObjectNode callFor(ObjectNode part) {
    String id = part.path("id").asText("");
    int index = part.path("index").asInt(id.isEmpty() ? calls.size() - 1 : calls.size());
    ObjectNode known = callsByIndex.get(index);
    // Some servers give all calls the same index, but each its own id.
    if (known == null
        || (!id.isEmpty() && known.has("id") && !known.path("id").asText().equals(id))) {
      known = json.objectNode();
      growth.count(known);
      calls.add(known);
      callsByIndex.put(index, known);
    }
    return known;
  }
}
