package dev.errand.runner.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Puts the chunks of a streamed chat completion together to the completion that the server would
 * have answered with at once. What it does not know is joined by its kind: texts are put one after
 * the other, objects are merged, and so are members of a list that have the same {@code index}.
 */
final class StreamedCompletion {
  // Texts that are told again with each chunk and do not go on.
  private static final Set<String> WHOLE = Set.of("id", "type", "role", "format");

  private final JsonNodeFactory json = JsonNodeFactory.instance;
  private final ObjectNode completion = json.objectNode();
  private final ObjectNode message = json.objectNode();
  private final List<ObjectNode> calls = new ArrayList<>();
  private final Map<Integer, ObjectNode> callsByIndex = new HashMap<>();
  private @Nullable JsonNode finish;
  private boolean begun;

  /**
   * Adds a chunk.
   *
   * @return the text that the message goes on with; empty where it does not
   */
  String add(JsonNode chunk) {
    if (chunk.path("model").isTextual()) {
      completion.set("model", chunk.get("model"));
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
    // There are servers that end a stream with the whole message.
    if (!(choice.path("delta") instanceof ObjectNode delta)) {
      if (choice.path("message") instanceof ObjectNode whole) {
        message.removeAll();
        calls.clear();
        message.setAll(whole);
      }
      return "";
    }
    for (Map.Entry<String, JsonNode> field : delta.properties()) {
      if (field.getKey().equals("tool_calls")) {
        field.getValue().forEach(this::mergeCall);
      } else {
        merge(message, field.getKey(), field.getValue());
      }
    }
    return delta.path("content").isTextual() ? delta.path("content").asText() : "";
  }

  /** Whether the model said that the message ends here. */
  boolean isFinished() {
    return finish != null;
  }

  /** The completion, as far as it came; without choices where none of the message did. */
  ObjectNode whole() {
    if (!begun) {
      return completion;
    }
    if (!calls.isEmpty()) {
      message.putArray("tool_calls").addAll(calls);
    }
    ObjectNode choice = completion.putArray("choices").addObject();
    choice.set("message", message);
    if (finish != null) {
      choice.set("finish_reason", finish);
    }
    return completion;
  }

  private void merge(ObjectNode into, ObjectNode delta) {
    delta.properties().forEach(field -> merge(into, field.getKey(), field.getValue()));
  }

  private void merge(ObjectNode into, String name, JsonNode value) {
    JsonNode before = into.path(name);
    // A name may come in pieces, or with each chunk again.
    boolean told = value.equals(before) && name.equals("name");
    if (value.isNull() || told || (value.asText().isEmpty() && value.isTextual())) {
      into.putIfAbsent(name, value);
    } else if (value.isTextual() && before.isTextual() && !WHOLE.contains(name)) {
      into.put(name, before.asText() + value.asText());
    } else if (value instanceof ObjectNode object && before instanceof ObjectNode known) {
      merge(known, object);
    } else if (value.isArray() && before.isArray()) {
      value.forEach(member -> mergeMember(into, name, member));
    } else {
      into.set(name, value.deepCopy());
    }
  }

  private void mergeMember(ObjectNode into, String name, JsonNode member) {
    if (member instanceof ObjectNode object && member.path("index").isInt()) {
      for (JsonNode known : into.withArray(name)) {
        if (known instanceof ObjectNode same && known.path("index").equals(member.path("index"))) {
          merge(same, object);
          return;
        }
      }
    }
    into.withArray(name).add(member.deepCopy());
  }

  private void mergeCall(JsonNode delta) {
    if (!(delta instanceof ObjectNode part)) {
      return;
    }
    ObjectNode call = callFor(part);
    for (Map.Entry<String, JsonNode> field : part.properties()) {
      // The place in the stream means nothing in a message.
      if (!field.getKey().equals("index")) {
        merge(call, field.getKey(), field.getValue());
      }
    }
  }

  private ObjectNode callFor(ObjectNode part) {
    String id = part.path("id").asText("");
    int index = part.path("index").asInt(id.isEmpty() ? calls.size() - 1 : calls.size());
    ObjectNode known = callsByIndex.get(index);
    // There are servers that give all calls the same index, and each its id.
    if (known == null
        || (!id.isEmpty() && known.has("id") && !known.path("id").asText().equals(id))) {
      known = json.objectNode();
      calls.add(known);
      callsByIndex.put(index, known);
    }
    return known;
  }
}
