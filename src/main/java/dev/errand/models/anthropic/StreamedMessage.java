package dev.errand.models.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.errand.base.json.Json;
import dev.errand.base.limit.JsonWeight;
import dev.errand.models.wire.AnswerParser;
import dev.errand.models.wire.GrowingJson;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Assembles the events of a streamed message into the message that an unstreamed answer would be.
 * Adding an event takes time by its own size alone. Events and deltas of unknown types add nothing
 * but to fields that their block already has.
 */
final class StreamedMessage implements AnswerParser.Streamed {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final String TYPE = "type";
  private static final String TEXT = "text";
  private static final String THINKING = "thinking";
  private static final String INPUT = "input";
  private static final String USAGE = "usage";
  private static final String CONTENT = "content";
  private static final String CITATIONS = "citations";
  // Fields that come in full.
  private static final Set<String> WHOLE = Set.of("signature", "encrypted_content");
  // What begins with an event and is of the stream alone.
  private static final Set<String> OF_EVENT = Set.of(TYPE, "delta", USAGE, "index");

  private final Json json;
  private final boolean showsThinking;
  private final GrowingJson growth = new GrowingJson(WHOLE, Set.of());
  private final ObjectNode message = JSON.objectNode();
  private final Map<Integer, ObjectNode> blocks = new TreeMap<>();
  // The JSON texts of inputs, each under the index of its block.
  private final ObjectNode inputs = JSON.objectNode();
  private final Map<Integer, JsonWeight> inputWeights = new HashMap<>();
  private long inputWeight;
  private @Nullable JsonNode failure;
  private boolean begun;
  private boolean done;

  /**
   * Begins to assemble a message.
   *
   * @param showsThinking whether the pieces of its thinking are shown while they come
   */
  StreamedMessage(Json json, boolean showsThinking) {
    this.json = json;
    this.showsThinking = showsThinking;
  }

  @Override
  public String add(JsonNode event) {
    switch (event.path(TYPE).asText()) {
      case "message_start" -> start(event.path("message"));
      case "content_block_start" -> {
        if (event.path("content_block") instanceof ObjectNode block) {
          growth.count(block);
          blocks.put(index(event), block);
          inputs.remove(Integer.toString(index(event)));
        }
      }
      case "content_block_delta" -> {
        return delta(index(event), event.path("delta"));
      }
      case "message_delta" -> end(event);
      case "message_stop" -> done = true;
      case "error" -> failure = event;
      default -> {
        // Some servers send an error that does not say so.
        if (event.path("error").isObject()) {
          failure = event;
        }
      }
    }
    return "";
  }

  private static int index(JsonNode event) {
    return event.path("index").asInt();
  }

  private void start(JsonNode started) {
    begun = true;
    for (Map.Entry<String, JsonNode> field : started.properties()) {
      if (!field.getKey().equals(CONTENT)) {
        growth.count(field.getValue());
        message.set(field.getKey(), field.getValue());
      }
    }
  }

  private String delta(int index, JsonNode delta) {
    ObjectNode block = blocks.computeIfAbsent(index, _ -> blockOf(delta));
    switch (delta.path(TYPE).asText()) {
      case "input_json_delta" -> {
        String more = delta.path("partial_json").asText();
        weigh(index, more.getBytes(StandardCharsets.UTF_8));
        growth.merge(inputs, Integer.toString(index), TextNode.valueOf(more));
      }
      case "citations_delta" -> {
        growth.count(delta.path("citation"));
        ArrayNode citations =
            block.get(CITATIONS) instanceof ArrayNode known ? known : block.putArray(CITATIONS);
        citations.add(delta.path("citation"));
      }
      default -> {
        for (Map.Entry<String, JsonNode> field : delta.properties()) {
          if (!field.getKey().equals(TYPE) && block.has(field.getKey())) {
            growth.merge(block, field.getKey(), field.getValue());
          }
        }
        return switch (block.path(TYPE).asText()) {
          case TEXT -> delta.path(TEXT).asText();
          case THINKING -> showsThinking ? delta.path(THINKING).asText() : "";
          default -> "";
        };
      }
    }
    return "";
  }

  // The tree of an input, which is parsed at the end.
  private void weigh(int index, byte[] more) {
    JsonWeight weight = inputWeights.computeIfAbsent(index, _ -> new JsonWeight());
    inputWeight -= weight.bytes();
    weight.add(more, 0, more.length);
    inputWeight += weight.bytes();
  }

  // A block of which the first thing that arrives is a delta.
  private ObjectNode blockOf(JsonNode delta) {
    ObjectNode block = JSON.objectNode();
    switch (delta.path(TYPE).asText()) {
      case "text_delta" -> block.put(TYPE, TEXT).put(TEXT, "");
      case "thinking_delta" -> block.put(TYPE, THINKING).put(THINKING, "").put("signature", "");
      default -> {} // It can't be told what it is: without a type, it is left out.
    }
    growth.count(block);
    return block;
  }

  // Counts are totals; null leaves what an earlier event said.
  private void end(JsonNode event) {
    setGiven(message, event.path("delta"), Set.of());
    setGiven(message, event, OF_EVENT);
    ObjectNode usage =
        message.get(USAGE) instanceof ObjectNode known ? known : message.putObject(USAGE);
    setGiven(usage, event.path(USAGE), Set.of());
  }

  private void setGiven(ObjectNode into, JsonNode fields, Set<String> but) {
    for (Map.Entry<String, JsonNode> field : fields.properties()) {
      if (!field.getValue().isNull() && !but.contains(field.getKey())) {
        growth.count(field.getValue());
        into.set(field.getKey(), field.getValue());
      }
    }
  }

  @Override
  public boolean isOver() {
    return done || failure != null;
  }

  @Override
  public boolean isWhole() {
    return done;
  }

  @Override
  public long length() {
    return growth.length();
  }

  @Override
  public long weight() {
    return growth.weight() + inputWeight;
  }

  /** The message so far; an error if the stream had one. */
  @Override
  public JsonNode whole() {
    if (failure != null) {
      return failure;
    }
    if (!begun && blocks.isEmpty()) {
      return message;
    }
    GrowingJson.settle(inputs);
    ArrayNode content = message.putArray(CONTENT);
    blocks.forEach(
        (index, block) -> {
          GrowingJson.settle(block);
          String input = inputs.path(index.toString()).asText();
          if (!input.isBlank()) {
            block.set(INPUT, json.parse(input).orElseGet(() -> TextNode.valueOf(input)));
          }
          if (block.has(TYPE)) {
            content.add(block);
          }
        });
    return message;
  }
}
