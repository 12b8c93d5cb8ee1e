package dev.errand.models.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.POJONode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Puts the chunks of a streamed chat completion together to the completion that the server would
 * have answered with at once. What it does not know is joined by its kind: texts are put one after
 * the other, objects are merged, and so are members of a list that have the same {@code index}. A
 * chunk takes time by its own size, whatever came before it.
 */
final class StreamedCompletion {
  // Texts that are told again with each chunk and do not go on.
  private static final Set<String> WHOLE = Set.of("id", "type", "role", "format");

  // A text that grows has room for as much again.
  private static final int PER_CHARACTER = 3;
  private static final int PER_NODE = 160;

  private final JsonNodeFactory json = JsonNodeFactory.instance;
  private final ObjectNode completion = json.objectNode();
  private final ObjectNode message = json.objectNode();
  private final List<ObjectNode> calls = new ArrayList<>();
  private final Map<Integer, ObjectNode> callsByIndex = new HashMap<>();
  private final IdentityHashMap<ArrayNode, Map<Integer, ObjectNode>> membersByIndex =
      new IdentityHashMap<>();
  private long length;
  private long nodes;
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
        count(whole);
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

  /** How many characters it has by now. */
  long length() {
    return length;
  }

  /** How many bytes of memory it takes by now, at most. */
  long weight() {
    return length * PER_CHARACTER + nodes * PER_NODE;
  }

  /** The completion, as far as it came; without choices where none of the message did. */
  ObjectNode whole() {
    if (!begun) {
      return completion;
    }
    if (!calls.isEmpty()) {
      message.putArray("tool_calls").addAll(calls);
    }
    settle(message);
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
    boolean told = name.equals("name") && value.isTextual() && isSame(before, value.textValue());
    if (value.isNull() || told || (value.isTextual() && value.textValue().isEmpty())) {
      if (before.isMissingNode()) {
        set(into, name, value);
      }
    } else if (value.isTextual() && isText(before) && !WHOLE.contains(name)) {
      append(into, name, before, value.textValue());
    } else if (value instanceof ObjectNode object && before instanceof ObjectNode known) {
      merge(known, object);
    } else if (value.isArray() && before instanceof ArrayNode known) {
      value.forEach(member -> mergeMember(known, member));
    } else {
      set(into, name, value);
    }
  }

  private void mergeMember(ArrayNode into, JsonNode member) {
    Map<Integer, ObjectNode> known =
        membersByIndex.computeIfAbsent(into, StreamedCompletion::byIndex);
    if (member instanceof ObjectNode object && member.path("index").isInt()) {
      ObjectNode same = known.putIfAbsent(member.path("index").intValue(), object);
      if (same != null) {
        merge(same, object);
        return;
      }
    }
    count(member);
    into.add(member);
  }

  private static Map<Integer, ObjectNode> byIndex(ArrayNode members) {
    Map<Integer, ObjectNode> byIndex = new HashMap<>();
    for (JsonNode member : members) {
      if (member instanceof ObjectNode object && member.path("index").isInt()) {
        byIndex.putIfAbsent(member.path("index").intValue(), object);
      }
    }
    return byIndex;
  }

  private void set(ObjectNode into, String name, JsonNode value) {
    length += name.length();
    count(value);
    into.set(name, value);
  }

  private void append(ObjectNode into, String name, JsonNode before, String more) {
    length += more.length();
    if (before instanceof POJONode growing && growing.getPojo() instanceof StringBuilder text) {
      text.append(more);
    } else {
      StringBuilder growth = new StringBuilder(before.textValue());
      growth.append(more);
      into.putPOJO(name, growth);
    }
  }

  private static boolean isText(JsonNode node) {
    return node.isTextual() || node.isPojo();
  }

  private static boolean isSame(JsonNode before, String text) {
    return before instanceof POJONode growing
        ? growing.getPojo() instanceof StringBuilder built && text.contentEquals(built)
        : text.equals(before.textValue());
  }

  private void count(JsonNode node) {
    nodes++;
    if (node.isTextual()) {
      length += node.textValue().length();
    }
    node.properties().forEach(field -> length += field.getKey().length());
    node.forEach(this::count);
  }

  // Texts that grew become texts as any others.
  private static void settle(JsonNode node) {
    if (node instanceof ObjectNode object) {
      object
          .properties()
          .forEach(
              field -> {
                if (field.getValue() instanceof POJONode growing) {
                  field.setValue(TextNode.valueOf(String.valueOf(growing.getPojo())));
                } else {
                  settle(field.getValue());
                }
              });
    } else {
      node.forEach(StreamedCompletion::settle);
    }
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
      count(known);
      calls.add(known);
      callsByIndex.put(index, known);
    }
    return known;
  }
}
