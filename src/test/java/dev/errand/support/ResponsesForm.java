package dev.errand.support;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.secret.Sha256;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The wire form of OpenAI's Responses API, so that a scripted model speaks it: a request becomes
 * one in the form of chat completions, and an answer in that form becomes a response, streamed
 * where it was asked so. A request is checked as the API checks it, and as strictly.
 */
final class ResponsesForm {
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private static final Set<String> FIELDS =
      Set.of(
          "background",
          "context_management",
          "conversation",
          "include",
          "input",
          "instructions",
          "max_output_tokens",
          "max_tool_calls",
          "metadata",
          "model",
          "parallel_tool_calls",
          "previous_response_id",
          "prompt_cache_key",
          "prompt_cache_options",
          "reasoning",
          "safety_identifier",
          "service_tier",
          "store",
          "stream",
          "stream_options",
          "temperature",
          "text",
          "tool_choice",
          "tools",
          "top_logprobs",
          "top_p",
          "truncation");
  // The fields of each kind of item: those that it needs, and those that it may have.
  private static final Map<String, Set<String>> NEEDED =
      Map.of(
          "message", Set.of("role", "content"),
          "function_call", Set.of("call_id", "name", "arguments"),
          "function_call_output", Set.of("call_id", "output"),
          "reasoning", Set.of("id", "summary", "encrypted_content"),
          "glimpse", Set.of("id", "weight"));
  private static final Map<String, Set<String>> FURTHER =
      Map.of(
          "message", Set.of("id", "status", "phase"),
          "function_call", Set.of("id", "status", "namespace", "caller"),
          "function_call_output", Set.of("id", "status"),
          "reasoning", Set.of("status", "content"),
          "glimpse", Set.of("shade"));
  private static final Set<String> TOOL =
      Set.of("type", "name", "description", "parameters", "strict");
  private static final int PIECES = 3;

  private ResponsesForm() {}

  /** Parses a request. */
  static ObjectNode parse(byte[] body) throws IOException {
    return (ObjectNode) JSON.readTree(body);
  }

  /** What is wrong with a request, as the API says it; an empty text where it is right. */
  static String wrong(ObjectNode asked) {
    for (Map.Entry<String, JsonNode> field : asked.properties()) {
      if (!FIELDS.contains(field.getKey())) {
        return "Unknown parameter: '" + field.getKey() + "'.";
      }
    }
    if (!asked.path("store").isBoolean() || asked.path("store").booleanValue()) {
      return "This organization needs 'store': false.";
    }
    if (asked.has("previous_response_id")) {
      return "Previous response cannot be used for this organization.";
    }
    if (!asked.path("model").isTextual() || !asked.path("input").isArray()) {
      return "Missing required parameter: 'model' or 'input'.";
    }
    if (asked.path("include").toString().contains("reasoning.encrypted_content")
        && asked.path("model").asText().startsWith("gpt-4")) {
      return "Encrypted content is not supported with this model.";
    }
    for (JsonNode tool : asked.path("tools")) {
      if (!names(tool).equals(TOOL)
          || !tool.path("type").asText().equals("function")
          || !tool.path("name").asText().matches("[a-zA-Z0-9_-]{1,64}")
          || !tool.path("parameters").isObject()
          || !tool.path("strict").isBoolean()) {
        return "Invalid tool: " + tool;
      }
    }
    return wrongInput(asked.path("input"));
  }

  private static String wrongInput(JsonNode input) {
    Deque<String> open = new ArrayDeque<>();
    int bound = 0;
    for (int i = 0; i < input.size(); i++) {
      JsonNode item = input.path(i);
      String type = item.path("type").asText();
      Set<String> names = names(item);
      names.remove("type");
      if (!NEEDED.containsKey(type) || !names.containsAll(NEEDED.get(type))) {
        return "Missing required parameter or invalid type: 'input[" + i + "]': " + item;
      }
      names.removeAll(NEEDED.get(type));
      names.removeAll(FURTHER.get(type));
      if (!names.isEmpty()) {
        return "Unknown parameter: 'input[" + i + "]': " + names;
      }
      if (type.equals("reasoning")) {
        String seal = item.path("encrypted_content").asText();
        int dot = Math.max(0, seal.indexOf('.'));
        int count = dot == 0 ? 0 : Integer.parseInt(seal, 0, dot, 10);
        if (!seal.equals(seal(item, input, i + 1, count))) {
          return "The encrypted content of item " + item.path("id") + " could not be verified.";
        }
        bound = i + count;
      } else if (item.has("id") && i > bound) {
        return "Item " + item.path("id") + " was provided without its required 'reasoning' item.";
      }
      if (type.equals("function_call")) {
        if (!item.path("arguments").isTextual() || open.contains(item.path("call_id").asText())) {
          return "Invalid function call: 'input[" + i + "]'.";
        }
        open.add(item.path("call_id").asText());
      } else if (type.equals("function_call_output")) {
        if (!item.path("call_id").asText().equals(open.poll())) {
          return "No tool call found for function call output 'input[" + i + "]'.";
        }
      } else if (type.equals("message") && !open.isEmpty()) {
        return "No tool output found for function call " + open + ".";
      }
    }
    return open.isEmpty() ? "" : "No tool output found for function call " + open + ".";
  }

  // The seal covers the item itself and all that the model said after it.
  private static String seal(JsonNode reasoning, JsonNode items, int from, int count) {
    ObjectNode bare = reasoning.deepCopy();
    bare.remove("encrypted_content");
    String sealed =
        Stream.concat(Stream.of(bare), items.valueStream().skip(from).limit(count))
            .map(JsonNode::toString)
            .collect(Collectors.joining("\n"));
    return count + "." + Sha256.hex(sealed);
  }

  private static Set<String> names(JsonNode object) {
    return object.propertyStream().map(Map.Entry::getKey).collect(Collectors.toSet());
  }

  /** A request in the form of chat completions. */
  static ObjectNode request(ObjectNode asked) {
    ObjectNode request = JSON.createObjectNode();
    request.set("model", asked.path("model"));
    ArrayNode messages = request.putArray("messages");
    if (asked.path("instructions").isTextual()) {
      messages.addObject().put("role", "system").set("content", asked.path("instructions"));
    }
    ObjectNode turn = null;
    ArrayNode pictures = JSON.createArrayNode();
    for (JsonNode item : asked.path("input")) {
      String type = item.path("type").asText();
      if (!type.equals("function_call_output")) {
        addPictures(pictures, messages);
      }
      if (type.equals("function_call_output")) {
        turn = null;
        addPicturesOf(item, pictures);
        messages
            .addObject()
            .put("role", "tool")
            .put("tool_call_id", item.path("call_id").asText())
            .put("content", text(item.path("output")));
      } else if (type.equals("message") && !item.path("role").asText().equals("assistant")) {
        turn = null;
        messages
            .addObject()
            .put("role", item.path("role").asText())
            .put("content", text(item.path("content")));
      } else {
        if (turn == null) {
          turn = messages.addObject().put("role", "assistant").putNull("content");
        }
        addTo(turn, item);
      }
    }
    addPictures(pictures, messages);
    for (JsonNode tool : asked.path("tools")) {
      request
          .withArray("tools")
          .addObject()
          .put("type", "function")
          .set("function", tool.<ObjectNode>deepCopy().without(List.of("type", "strict")));
    }
    return request;
  }

  private static void addPicturesOf(JsonNode result, ArrayNode pictures) {
    String intro = "The pictures of the tool call " + result.path("call_id").asText() + ":";
    for (JsonNode part : result.path("output")) {
      if (part.path("type").asText().equals("input_image")) {
        if (!pictures.toString().contains(intro)) {
          pictures.addObject().put("type", "text").put("text", intro);
        }
        pictures
            .addObject()
            .put("type", "image_url")
            .putObject("image_url")
            .set("url", part.path("image_url"));
      }
    }
  }

  // A result of chat completions has no pictures: they follow all results of their turn.
  private static void addPictures(ArrayNode pictures, ArrayNode messages) {
    if (!pictures.isEmpty()) {
      messages.addObject().put("role", "user").set("content", pictures.deepCopy());
      pictures.removeAll();
    }
  }

  private static void addTo(ObjectNode turn, JsonNode item) {
    switch (item.path("type").asText()) {
      case "message" ->
          turn.put("content", turn.path("content").asText("") + text(item.path("content")));
      case "function_call" ->
          turn.withArray("tool_calls")
              .addObject()
              .put("id", item.path("call_id").asText())
              .put("type", "function")
              .putObject("function")
              .put("name", item.path("name").asText())
              .put("arguments", item.path("arguments").asText());
      default -> {} // What the API keeps for itself.
    }
  }

  private static String text(JsonNode content) {
    return content.isTextual()
        ? content.textValue()
        : content
            .valueStream()
            .map(part -> part.path("text").asText())
            .collect(Collectors.joining());
  }

  /** An answer as the API gives it. */
  static ScriptedModel.Answer answer(ObjectNode asked, ScriptedModel.Answer answer) {
    if (answer.pieces() != null
        || answer.status() != 200
        || !(read(answer.body()) instanceof ObjectNode completion)
        || completion.isEmpty()
        || completion.path("object").asText().equals("response")) {
      return answer;
    }
    JsonNode message = completion.at("/choices/0/message");
    if (completion.at("/error/code").isNumber() && !message.isObject()) {
      // Of a server that passes on what another one said.
      return answer;
    }
    ObjectNode response = response(asked, completion, message);
    boolean isStreamed = asked.path("stream").asBoolean();
    ScriptedModel.Answer told =
        new ScriptedModel.Answer(
            200,
            isStreamed ? events(response) : response.toString(),
            answer.headers(),
            null,
            answer.cut());
    return isStreamed ? told.with("Content-Type", "text/event-stream") : told;
  }

  private static ObjectNode response(ObjectNode asked, ObjectNode completion, JsonNode message) {
    // The same question has the same answer, and no two of a conversation have the same ids.
    String turn = "_" + asked.path("input").size();
    ObjectNode response =
        JSON.createObjectNode()
            .put("id", "resp" + turn)
            .put("object", "response")
            .put("store", false);
    String finish = completion.at("/choices/0/finish_reason").asText();
    String reason =
        Map.of("length", "max_output_tokens", "content_filter", "content_filter")
            .getOrDefault(finish, "");
    boolean isFailed = completion.path("error").isObject() && !message.isObject();
    response.put("status", isFailed ? "failed" : reason.isEmpty() ? "completed" : "incomplete");
    response.set("error", isFailed ? completion.path("error") : JSON.nullNode());
    response.set(
        "incomplete_details",
        reason.isEmpty() ? JSON.nullNode() : JSON.createObjectNode().put("reason", reason));
    response.set("model", asked.path("model"));
    response.set("tools", asked.path("tools"));
    if (completion.has("service_tier")) {
      response.set("service_tier", completion.path("service_tier"));
    }
    if (completion.path("usage").isObject()) {
      addUsage(completion.path("usage"), response.putObject("usage"));
    }
    if (isFailed) {
      response.putArray("output");
    } else if (message.isObject() && isWhole(message)) {
      addOutput(message, turn, response.putArray("output"));
    }
    return response;
  }

  private static void addUsage(JsonNode counted, ObjectNode usage) {
    usage.set("input_tokens", counted.path("prompt_tokens"));
    usage.set("output_tokens", counted.path("completion_tokens"));
    usage.set("total_tokens", counted.path("total_tokens"));
    usage.set("input_tokens_details", counted.path("prompt_tokens_details"));
    usage.set("output_tokens_details", counted.path("completion_tokens_details"));
    usage.set("cost", counted.path("cost"));
    usage.properties().removeIf(field -> field.getValue().isMissingNode());
  }

  private static boolean isWhole(JsonNode message) {
    JsonNode content = message.path("content");
    JsonNode calls = message.path("tool_calls");
    boolean areCalls = calls.isArray() || calls.isMissingNode();
    for (JsonNode call : calls) {
      areCalls &= call.at("/function/name").isTextual();
    }
    return areCalls && !content.isNumber() && !content.isObject();
  }

  private static void addOutput(JsonNode message, String turn, ArrayNode output) {
    JsonNode content = message.path("content");
    ArrayNode parts = JSON.createArrayNode();
    if (content.isTextual()) {
      addText(content, parts);
    }
    content.forEach(part -> addText(part.path("text"), parts));
    if (message.path("refusal").isTextual()) {
      parts.addObject().put("type", "refusal").set("refusal", message.path("refusal"));
    }
    ArrayNode items = JSON.createArrayNode();
    if (!parts.isEmpty()) {
      items
          .addObject()
          .put("id", "msg" + turn)
          .put("type", "message")
          .put("status", "completed")
          .put("phase", message.has("tool_calls") ? "commentary" : "final_answer")
          .put("role", "assistant")
          .set("content", parts);
    }
    for (JsonNode call : message.path("tool_calls")) {
      JsonNode arguments = call.at("/function/arguments");
      String id = "fc" + turn + "_" + items.size();
      items
          .addObject()
          .put("id", id)
          .put("type", "function_call")
          .put("status", "completed")
          .put("arguments", arguments.isContainerNode() ? arguments.toString() : arguments.asText())
          .put("call_id", call.path("id").asText())
          .put("name", call.at("/function/name").asText())
          .putNull("namespace")
          .putObject("caller")
          .put("type", "direct");
    }
    if (items.isEmpty()) {
      return;
    }
    // An item of a kind that nobody knows, and a number that is not to be rounded.
    ObjectNode glimpse = items.insertObject(0).put("type", "glimpse").put("id", "gl" + turn);
    glimpse.put("weight", new BigDecimal("1.50")).putNull("shade");
    ObjectNode reasoning =
        output.addObject().put("id", "rs" + turn).put("type", "reasoning").putNull("status");
    reasoning
        .putArray("summary")
        .addObject()
        .put("type", "summary_text")
        .put("text", "**Looking around**");
    reasoning.put("encrypted_content", seal(reasoning, items, 0, items.size()));
    output.addAll(items);
  }

  private static void addText(JsonNode text, ArrayNode parts) {
    ObjectNode part = parts.addObject().put("type", "output_text");
    part.set("text", text);
    part.putArray("annotations");
    part.putArray("logprobs");
  }

  /** The events of a streamed response. */
  private static String events(ObjectNode response) {
    StringBuilder events = new StringBuilder();
    ObjectNode begun = response.deepCopy().put("status", "in_progress").putNull("usage");
    begun.putArray("output");
    add(events, event("response.created").set("response", begun));
    add(events, event("response.in_progress").set("response", begun));
    int index = 0;
    for (JsonNode item : response.path("output")) {
      ObjectNode half = item.deepCopy();
      half.put("status", "in_progress");
      if (half.has("encrypted_content")) {
        half.put("encrypted_content", "half");
      }
      if (half.has("content")) {
        half.putArray("content");
      }
      add(events, event("response.output_item.added").put("output_index", index).set("item", half));
      addPieces(events, item, index);
      add(events, event("response.output_item.done").put("output_index", index).set("item", item));
      index++;
    }
    add(events, event("response." + response.path("status").asText()).set("response", response));
    return events.toString();
  }

  private static void addPieces(StringBuilder events, JsonNode item, int index) {
    String id = item.path("id").asText();
    int part = 0;
    for (JsonNode content : item.path("content")) {
      String text = content.path("text").asText(content.path("refusal").asText());
      String kind = content.path("type").asText().replace("refusal", "response.refusal");
      for (String piece : pieces(text)) {
        add(
            events,
            event(kind.replace("output_text", "response.output_text") + ".delta")
                .put("item_id", id)
                .put("output_index", index)
                .put("content_index", part)
                .put("delta", piece));
      }
      part++;
    }
    for (String piece : pieces(item.path("arguments").asText())) {
      add(
          events,
          event("response.function_call_arguments.delta")
              .put("item_id", id)
              .put("output_index", index)
              .put("delta", piece));
    }
  }

  private static Iterable<String> pieces(String text) {
    int length = text.length() / PIECES + 1;
    return Stream.iterate(0, at -> at < text.length(), at -> at + length)
        .map(at -> text.substring(at, Math.min(text.length(), at + length)))
        .toList();
  }

  private static ObjectNode event(String type) {
    return JSON.createObjectNode().put("type", type).put("sequence_number", 1);
  }

  private static void add(StringBuilder events, JsonNode event) {
    events
        .append("event: ")
        .append(event.path("type").asText())
        .append("\ndata: ")
        .append(event)
        .append("\n\n");
  }

  private static JsonNode read(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      return JSON.missingNode();
    }
  }
}
