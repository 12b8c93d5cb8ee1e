package dev.errand.support;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Map;

/**
 * The wire form of {@code OtherVendorPort}, the vendor that there is not, so that a scripted model
 * speaks it: a request becomes one in OpenAI's form, and an answer in OpenAI's form becomes one of
 * that vendor. What is no answer in OpenAI's form stays as it is.
 */
final class OtherVendorForm {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
  private static final Map<String, String> CODES =
      Map.of(
          "insufficient_quota", "broke",
          "billing_not_active", "broke",
          "model_not_found", "no_engine");

  private OtherVendorForm() {}

  /** A request in OpenAI's form. */
  static ObjectNode request(JsonNode asked) {
    ObjectNode request = JSON.createObjectNode();
    request.set("model", asked.path("engine"));
    ArrayNode messages = request.putArray("messages");
    if (asked.path("instructions").isTextual()) {
      messages.addObject().put("role", "system").set("content", asked.path("instructions"));
    }
    for (JsonNode turn : asked.path("turns")) {
      if (turn.path("from").asText().equals("engine")) {
        messages.add(message(turn.path("parts")));
      } else {
        turn.path("parts").forEach(part -> messages.add(message(part, turn)));
      }
    }
    for (JsonNode function : asked.path("functions")) {
      request
          .withArray("tools")
          .addObject()
          .put("type", "function")
          .putObject("function")
          .put("name", function.path("name").asText())
          .put("description", function.path("about").asText())
          .set("parameters", function.path("shape"));
    }
    return request;
  }

  private static ObjectNode message(JsonNode part, JsonNode turn) {
    ObjectNode message = JSON.createObjectNode();
    return switch (part.path("kind").asText()) {
      case "text" -> message.put("role", "user").put("content", part.path("text").asText());
      case "result" ->
          message
              .put("role", "tool")
              .put("tool_call_id", part.path("ref").asText())
              .put("content", part.path("text").asText());
      default -> throw new AssertionError(turn.toString());
    };
  }

  private static ObjectNode message(JsonNode parts) {
    ObjectNode message = JSON.createObjectNode().put("role", "assistant").putNull("content");
    for (JsonNode part : parts) {
      if (part.path("kind").asText().equals("use")) {
        message
            .withArray("tool_calls")
            .addObject()
            .put("id", part.path("ref").asText())
            .put("type", "function")
            .putObject("function")
            .put("name", part.path("function").asText())
            .put("arguments", part.path("input").toString());
      } else {
        message.put("content", message.path("content").asText("") + part.path("text").asText());
      }
    }
    return message;
  }

  /** The body of an answer in the vendor's form. */
  static String answer(String body) {
    return read(body) instanceof ObjectNode completion && !completion.isEmpty()
        ? answer(completion).toString()
        : body;
  }

  private static ObjectNode answer(ObjectNode completion) {
    ObjectNode answer = JSON.createObjectNode();
    JsonNode message = completion.path("choices").path(0).path("message");
    if (completion.path("error").isObject() && !message.isObject()) {
      JsonNode error = completion.path("error");
      answer
          .putObject("fault")
          .put("status", error.path("code").asInt())
          .put("code", CODES.getOrDefault(error.path("code").asText(), ""))
          .put("why", error.path("message").asText());
      return answer;
    }
    if (completion.path("usage").isObject()) {
      spent(completion.path("usage"), answer.putObject("spent"));
    }
    if (message.isObject() && isWhole(message)) {
      parts(message, answer.putArray("parts"));
    }
    return answer;
  }

  private static void spent(JsonNode usage, ObjectNode spent) {
    // Half of what is not read from the cache is written to it.
    long recalled = usage.at("/prompt_tokens_details/cached_tokens").asLong();
    long others = usage.path("prompt_tokens").asLong() - recalled;
    spent
        .put("recalled", recalled)
        .put("memorized", others / 2)
        .put("read", others - others / 2)
        .put("pondered", usage.at("/completion_tokens_details/reasoning_tokens").asLong())
        .put("written", usage.path("completion_tokens").asLong());
    if (usage.has("cost")) {
      spent.set("dollars", usage.path("cost"));
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

  private static void parts(JsonNode message, ArrayNode parts) {
    parts.addObject().put("kind", "thought").put("seal", "c2VhbA==").putNull("text");
    JsonNode content = message.path("content");
    if (content.isTextual()) {
      parts.addObject().put("kind", "text").set("text", content);
    }
    for (JsonNode part : content) {
      parts.addObject().put("kind", "text").set("text", part.path("text"));
    }
    if (message.path("refusal").isTextual()) {
      parts.addObject().put("kind", "no").set("text", message.path("refusal"));
    }
    for (JsonNode call : message.path("tool_calls")) {
      parts
          .addObject()
          .put("kind", "use")
          .put("ref", call.path("id").asText())
          .put("function", call.at("/function/name").asText())
          .set("input", input(call.at("/function/arguments")));
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
}
