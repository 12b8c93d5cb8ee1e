package dev.errand.support;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.sun.net.httpserver.Headers;
import dev.errand.support.ScriptedModel.Answer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The wire form of Anthropic's Messages API, so that a scripted model speaks it: a request becomes
 * one in OpenAI's form, and an answer in OpenAI's form becomes one of this API, streamed where the
 * request asks for it. What is no answer in OpenAI's form stays as it is.
 *
 * <p>It refuses what the vendor refuses. Each message begins with signed thinking, whose signature
 * depends on system text, tools and all blocks before it, and comes back with the rest of its
 * message unchanged.
 */
final class AnthropicForm {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private static final String CACHE = "cache_control";
  private static final String NAME = "[a-zA-Z0-9_-]{1,64}";
  private static final Set<String> FIELDS =
      Set.of(
          "model",
          "max_tokens",
          "messages",
          "system",
          "tools",
          "tool_choice",
          "thinking",
          "output_config",
          "temperature",
          "top_p",
          "top_k",
          "stop_sequences",
          "service_tier",
          "stream");
  private static final Map<String, Set<String>> BLOCKS =
      Map.of(
          "text", Set.of("type", "text", "citations", CACHE),
          "image", Set.of("type", "source", CACHE),
          "tool_use", Set.of("type", "id", "name", "input", CACHE),
          "tool_result", Set.of("type", "tool_use_id", "content", "is_error", CACHE),
          "thinking", Set.of("type", "thinking", "signature"),
          "redacted_thinking", Set.of("type", "data"));

  private static final Map<String, String> TYPES =
      Map.of(
          "insufficient_quota", "billing_error",
          "billing_not_active", "billing_error",
          "model_not_found", "not_found_error",
          "401", "authentication_error",
          "429", "rate_limit_error",
          "502", "api_error");

  // What followed the thinking with a signature.
  private final Map<String, List<JsonNode>> sent = new ConcurrentHashMap<>();

  /** A request in OpenAI's form. */
  static ObjectNode request(JsonNode asked) {
    ObjectNode request = JSON.createObjectNode();
    request.set("model", asked.path("model"));
    ArrayNode messages = request.putArray("messages");
    for (JsonNode text : asked.path("system")) {
      messages.addObject().put("role", "system").set("content", text.path("text"));
    }
    for (JsonNode message : asked.path("messages")) {
      if (message.path("role").asText().equals("assistant")) {
        messages.add(assistant(message.path("content")));
      } else {
        message.path("content").forEach(block -> messages.add(user(block)));
      }
    }
    for (JsonNode tool : asked.path("tools")) {
      request
          .withArray("tools")
          .addObject()
          .put("type", "function")
          .putObject("function")
          .put("name", tool.path("name").asText())
          .put("description", tool.path("description").asText())
          .set("parameters", tool.path("input_schema"));
    }
    return request;
  }

  private static ObjectNode assistant(JsonNode blocks) {
    ObjectNode message = JSON.createObjectNode().put("role", "assistant").putNull("content");
    for (JsonNode block : blocks) {
      switch (block.path("type").asText()) {
        case "tool_use" ->
            message
                .withArray("tool_calls")
                .addObject()
                .put("id", block.path("id").asText())
                .put("type", "function")
                .putObject("function")
                .put("name", block.path("name").asText())
                .put("arguments", block.path("input").toString());
        case "text" ->
            message.put(
                "content", message.path("content").asText("") + block.path("text").asText());
        default -> {}
      }
    }
    return message;
  }

  private static ObjectNode user(JsonNode block) {
    ObjectNode message = JSON.createObjectNode();
    return switch (block.path("type").asText()) {
      case "tool_result" ->
          message
              .put("role", "tool")
              .put("tool_call_id", block.path("tool_use_id").asText())
              .put(
                  "content",
                  block.path("content").isTextual()
                      ? block.path("content").asText()
                      : block.at("/content/0/text").asText());
      case "text" -> message.put("role", "user").set("content", block.path("text"));
      default -> message.put("role", "user").set("content", block);
    };
  }

  /** Why the vendor would refuse a request; null if it would not. */
  @Nullable String refusal(Headers headers, JsonNode asked) {
    if (!"2023-06-01".equals(headers.getFirst("anthropic-version"))) {
      return "anthropic-version: header is required";
    }
    List<String> wrong = new ArrayList<>();
    unknown(asked, FIELDS, "", wrong);
    if (!asked.path("model").isTextual() || asked.path("max_tokens").asInt() < 1) {
      wrong.add("model and max_tokens: Field required");
    }
    if (asked.findValues(CACHE).size() > 4) {
      wrong.add("A maximum of 4 blocks with cache_control may be provided.");
    }
    asked.findValues(CACHE).stream()
        .filter(mark -> !mark.toString().equals("{\"type\":\"ephemeral\"}"))
        .forEach(mark -> wrong.add("cache_control: " + mark));
    for (JsonNode tool : asked.path("tools")) {
      unknown(tool, Set.of("name", "description", "input_schema", CACHE), "tools.", wrong);
      if (!tool.path("name").asText().matches(NAME)
          || !tool.at("/input_schema/type").asText().equals("object")) {
        wrong.add("tools: invalid: " + tool);
      }
    }
    if (asked.has("tool_choice") && asked.path("tools").isEmpty()) {
      wrong.add("tool_choice may only be specified while providing tools.");
    }
    checkMessages(asked, wrong);
    return wrong.isEmpty() ? null : String.join("; ", wrong);
  }

  private static void unknown(JsonNode object, Set<String> known, String in, List<String> wrong) {
    object
        .fieldNames()
        .forEachRemaining(
            name -> {
              if (!known.contains(name)) {
                wrong.add(in + name + ": Extra inputs are not permitted");
              }
            });
  }

  private void checkMessages(JsonNode asked, List<String> wrong) {
    String role = "user";
    List<String> open = List.of();
    StringBuilder before = prefix(asked);
    for (JsonNode message : asked.path("messages")) {
      JsonNode content = message.path("content");
      if (!message.path("role").asText().equals(role)) {
        wrong.add("messages: roles must alternate between \"user\" and \"assistant\"");
      }
      if (!content.isArray() || content.isEmpty()) {
        wrong.add("messages: must have non-empty content");
      }
      for (JsonNode block : content) {
        checkBlock(block, wrong);
      }
      if (role.equals("user")) {
        checkResults(content, open, wrong);
        open = List.of();
        role = "assistant";
      } else {
        open =
            content
                .valueStream()
                .filter(block -> block.path("type").asText().equals("tool_use"))
                .map(block -> block.path("id").asText())
                .toList();
        checkSigned(content, before.toString(), wrong);
        role = "user";
      }
      content.forEach(block -> before.append(plain(message, block)));
    }
    if (!open.isEmpty()) {
      wrong.add("messages: `tool_use` ids were found without `tool_result` blocks: " + open);
    }
  }

  private static void checkBlock(JsonNode block, List<String> wrong) {
    String type = block.path("type").asText();
    Set<String> fields = BLOCKS.get(type);
    if (fields == null) {
      // One of the vendor's own, which is checked with the signature before it.
      return;
    }
    unknown(block, fields, type + ".", wrong);
    boolean isValid =
        switch (type) {
          case "text" -> !block.path("text").asText().isBlank();
          case "image" -> isImage(block);
          case "tool_use" ->
              block.path("id").asText().matches("[a-zA-Z0-9_-]+")
                  && block.path("name").asText().matches(NAME)
                  && block.path("input").isObject();
          case "tool_result" -> isResult(block);
          default -> true;
        };
    if (!isValid) {
      wrong.add("messages: invalid " + block);
    }
  }

  private static boolean isImage(JsonNode block) {
    JsonNode source = block.path("source");
    return source.path("type").asText().equals("base64")
        && source.path("media_type").asText().startsWith("image/")
        && !source.path("data").asText().isEmpty();
  }

  private static boolean isResult(JsonNode block) {
    JsonNode content = block.path("content");
    if (block.path("is_error").asBoolean()) {
      return content.isTextual() && !content.asText().isEmpty();
    }
    return content.isTextual()
        || (content.isArray()
            && content
                .valueStream()
                .allMatch(part -> part.has("text") ? part.size() == 2 : isImage(part)));
  }

  // All results of a turn stand first, each once.
  private static void checkResults(JsonNode content, List<String> open, List<String> wrong) {
    List<String> answered = new ArrayList<>();
    boolean isOver = false;
    for (JsonNode block : content) {
      if (!block.path("type").asText().equals("tool_result")) {
        isOver = true;
      } else if (isOver) {
        wrong.add("messages: `tool_result` blocks must come first");
      } else {
        answered.add(block.path("tool_use_id").asText());
      }
    }
    if (!answered.equals(open)) {
      wrong.add("messages: results of " + answered + " for the calls " + open);
    }
  }

  private void checkSigned(JsonNode content, String before, List<String> wrong) {
    StringBuilder prefix = new StringBuilder(before);
    for (int i = 0; i < content.size(); i++) {
      JsonNode block = content.get(i);
      String seal = block.path("signature").asText(block.path("data").asText());
      if (!seal.isEmpty()) {
        if (!seal.equals(sealed(prefix.toString(), block))) {
          wrong.add(
              "Invalid `signature` in `thinking` block. The block is bound to a different"
                  + " conversation");
        }
        List<JsonNode> rest = new ArrayList<>();
        content.forEach(rest::add);
        List<JsonNode> after = sent.getOrDefault(seal, List.of());
        List<JsonNode> came = rest.subList(i + 1, rest.size());
        if (came.size() < after.size() || !came.subList(0, after.size()).equals(after)) {
          wrong.add("A message was changed: " + came + " was " + after);
        }
      }
      prefix.append(assistantBlock(block));
    }
  }

  private static StringBuilder prefix(JsonNode asked) {
    StringBuilder prefix = new StringBuilder();
    asked.path("system").forEach(block -> prefix.append(unmarked(block)));
    asked.path("tools").forEach(tool -> prefix.append(unmarked(tool)));
    return prefix;
  }

  private static String plain(JsonNode message, JsonNode block) {
    return message.path("role").asText() + unmarked(block);
  }

  private static String assistantBlock(JsonNode block) {
    return "assistant" + unmarked(block);
  }

  // The vendor does not compare marks.
  private static JsonNode unmarked(JsonNode block) {
    return block instanceof ObjectNode object && object.has(CACHE)
        ? object.deepCopy().without(CACHE)
        : block;
  }

  private static String sealed(String before, JsonNode block) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256")
                  .digest(
                      (before + block.path("type").asText() + block.path("thinking").asText())
                          .getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The error that says why a request is refused. */
  static Answer refused(String why) {
    ObjectNode error = JSON.createObjectNode().put("type", "error");
    error.putObject("error").put("type", "invalid_request_error").put("message", why);
    return new Answer(400, error.toString());
  }

  /** An answer in this form. */
  Answer answer(JsonNode asked, Answer scripted) {
    if (!(read(scripted.body()) instanceof ObjectNode completion) || completion.isEmpty()) {
      return scripted;
    }
    ObjectNode answer = answer(asked, scripted.status(), completion);
    Map<String, String> headers = new HashMap<>(scripted.headers());
    String body = answer.toString();
    if (scripted.status() == 200 && asked.path("stream").asBoolean() && answer.has("type")) {
      headers.put("Content-Type", "text/event-stream");
      body = events(answer);
    }
    return new Answer(scripted.status(), body, headers, scripted.pieces(), scripted.cut());
  }

  private ObjectNode answer(JsonNode asked, int status, ObjectNode completion) {
    JsonNode message = completion.path("choices").path(0).path("message");
    if (completion.path("type").isTextual()) {
      return completion; // It is in this form already.
    }
    if (completion.path("error").isObject() && !message.isObject()) {
      return error(status, completion.path("error"));
    }
    ObjectNode answer = JSON.createObjectNode();
    if (completion.path("usage").isObject()) {
      usage(completion.path("usage"), answer.putObject("usage"));
      if (completion.has("service_tier")) {
        answer.withObject("/usage").set("service_tier", completion.path("service_tier"));
      }
    }
    if (message.isObject() && isWhole(message)) {
      answer.put("id", "msg_1").put("type", "message").put("role", "assistant");
      answer.set("model", asked.path("model"));
      content(asked, message, answer.putArray("content"));
      stop(completion.at("/choices/0/finish_reason").asText(), message, answer);
    }
    return answer;
  }

  private static ObjectNode error(int status, JsonNode error) {
    ObjectNode answer = JSON.createObjectNode().put("type", "error");
    String code = error.path("code").asText();
    answer
        .putObject("error")
        .put(
            "type",
            TYPES.getOrDefault(code, status < 500 ? "invalid_request_error" : "overloaded_error"))
        .put("message", error.path("message").asText());
    return answer;
  }

  private static void usage(JsonNode counted, ObjectNode usage) {
    // Half of what is not read from the cache is written to it.
    long cached = counted.at("/prompt_tokens_details/cached_tokens").asLong();
    long others = counted.path("prompt_tokens").asLong() - cached;
    usage
        .put("input_tokens", others - others / 2)
        .put("cache_creation_input_tokens", others / 2)
        .put("cache_read_input_tokens", cached)
        .put("output_tokens", counted.path("completion_tokens").asLong());
    usage
        .putObject("output_tokens_details")
        .set("thinking_tokens", counted.at("/completion_tokens_details/reasoning_tokens"));
    if (counted.has("cost")) {
      usage.set("cost", counted.path("cost"));
    }
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

  private void content(JsonNode asked, JsonNode message, ArrayNode blocks) {
    StringBuilder before = prefix(asked);
    for (JsonNode told : asked.path("messages")) {
      told.path("content").forEach(block -> before.append(plain(told, block)));
    }
    ObjectNode thinking = blocks.addObject().put("type", "thinking").put("thinking", "");
    thinking.put("signature", sealed(before.toString(), thinking));
    before.append(assistantBlock(thinking));
    ObjectNode redacted = blocks.addObject().put("type", "redacted_thinking");
    redacted.put("data", sealed(before.toString(), redacted));
    JsonNode content = message.path("content");
    if (content.isTextual()) {
      blocks.addObject().put("type", "text").set("text", content);
    }
    for (JsonNode part : content) {
      blocks.addObject().put("type", "text").set("text", part.path("text"));
    }
    for (JsonNode call : message.path("tool_calls")) {
      blocks
          .addObject()
          .put("type", "tool_use")
          .put("id", call.path("id").asText())
          .put("name", call.at("/function/name").asText())
          .set("input", input(call.at("/function/arguments")));
    }
    List<JsonNode> after = new ArrayList<>();
    for (int i = blocks.size() - 1; i >= 0; i--) {
      JsonNode block = blocks.get(i);
      String seal = block.path("signature").asText(block.path("data").asText());
      if (!seal.isEmpty()) {
        sent.put(seal, List.copyOf(after));
      }
      if (!block.path("text").asText("-").isBlank()) {
        after.addFirst(valid(block));
      }
    }
  }

  // An input that is no object can't come back.
  private static JsonNode valid(JsonNode block) {
    return block.has("input") && !block.path("input").isObject()
        ? ((ObjectNode) block.deepCopy()).set("input", JSON.createObjectNode())
        : block;
  }

  private static void stop(String finish, JsonNode message, ObjectNode answer) {
    boolean refuses = message.path("refusal").isTextual();
    answer.put(
        "stop_reason",
        refuses
            ? "refusal"
            : finish.equals("length")
                ? "max_tokens"
                : message.path("tool_calls").isEmpty() ? "end_turn" : "tool_use");
    if (refuses) {
      answer
          .putObject("stop_details")
          .put("type", "refusal")
          .putNull("category")
          .set("explanation", message.path("refusal"));
    }
  }

  private static JsonNode input(JsonNode arguments) {
    if (arguments.isContainerNode()) {
      return arguments;
    }
    if (arguments.asText().isEmpty()) {
      return JSON.createObjectNode();
    }
    JsonNode read = read(arguments.asText());
    return read.isMissingNode() ? TextNode.valueOf(arguments.asText()) : read;
  }

  private static JsonNode read(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      return JSON.missingNode();
    }
  }

  /** The stream of an answer: a message in pieces, or an error. */
  static String events(JsonNode answer) {
    StringBuilder events = new StringBuilder();
    if (!answer.path("type").asText().equals("message")) {
      event(answer, events);
      return events.toString();
    }
    ObjectNode begun = JSON.createObjectNode().put("type", "message_start");
    ObjectNode message = ((ObjectNode) answer.deepCopy()).putNull("stop_reason");
    message.remove("stop_details");
    message.putArray("content");
    if (message.path("usage") instanceof ObjectNode usage) {
      usage.put("output_tokens", 1).remove("output_tokens_details");
    }
    begun.set("message", message);
    event(begun, events);
    event(JSON.createObjectNode().put("type", "ping"), events);
    for (int i = 0; i < answer.path("content").size(); i++) {
      block(i, answer.path("content").get(i), events);
    }
    ObjectNode end = JSON.createObjectNode().put("type", "message_delta");
    ObjectNode delta = end.putObject("delta");
    delta.set("stop_reason", answer.path("stop_reason"));
    delta.putNull("stop_sequence");
    if (answer.has("stop_details")) {
      delta.set("stop_details", answer.path("stop_details"));
    }
    if (answer.has("usage")) {
      ObjectNode usage = answer.path("usage").deepCopy();
      end.set("usage", usage.putNull("input_tokens").putNull("cache_read_input_tokens"));
    }
    event(end, events);
    event(JSON.createObjectNode().put("type", "message_stop"), events);
    return events.toString();
  }

  private static void block(int index, JsonNode block, StringBuilder events) {
    ObjectNode begun = JSON.createObjectNode().put("type", "content_block_start");
    ObjectNode start = block.deepCopy();
    begun.put("index", index).set("content_block", start);
    List<ObjectNode> deltas = new ArrayList<>();
    pieces("text", "text_delta", "text", start, deltas);
    pieces("thinking", "thinking_delta", "thinking", start, deltas);
    if (start.has("signature")) {
      deltas.add(delta("signature_delta", "signature", start.path("signature").asText()));
      start.put("signature", "");
    }
    if (start.has("input")) {
      JsonNode input = start.path("input");
      start.put("json", input.isTextual() ? input.asText() : input.toString());
      pieces("json", "input_json_delta", "partial_json", start, deltas);
      start.remove("json");
      start.putObject("input");
    }
    event(begun, events);
    for (ObjectNode delta : deltas) {
      ObjectNode event = JSON.createObjectNode().put("type", "content_block_delta");
      event.put("index", index).set("delta", delta);
      event(event, events);
    }
    event(JSON.createObjectNode().put("type", "content_block_stop").put("index", index), events);
  }

  private static void pieces(
      String field, String type, String name, ObjectNode block, List<ObjectNode> deltas) {
    String text = block.path(field).asText();
    int length = Math.max(7, text.length() / 50);
    for (int at = 0; at < text.length(); at += length) {
      deltas.add(delta(type, name, text.substring(at, Math.min(text.length(), at + length))));
    }
    if (block.has(field)) {
      block.put(field, "");
    }
  }

  private static ObjectNode delta(String type, String name, String value) {
    return JSON.createObjectNode().put("type", type).put(name, value);
  }

  private static void event(JsonNode data, StringBuilder events) {
    events
        .append("event: ")
        .append(data.path("type").asText())
        .append("\ndata: ")
        .append(data)
        .append("\n\n");
  }
}
