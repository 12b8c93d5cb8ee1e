package dev.errand.models.openai;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.models.model.ModelAnswer;
import dev.errand.models.model.RunFailure;
import dev.errand.models.model.Usage;
import dev.errand.models.price.Prices;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads the message and what it used out of a chat completion. */
@ApplicationScoped
class ModelAnswers {
  private static final double MOST_DOLLARS = 1e6;

  private final ObjectMapper json;
  private final Prices prices;

  ModelAnswers(ObjectMapper json, Prices prices) {
    this.json = json;
    this.prices = prices;
  }

  /**
   * What a completion means.
   *
   * @param model the model that was asked
   * @param completion what came, whatever it is
   */
  ModelAnswer read(URI endpoint, String model, JsonNode completion, long tookMs) {
    String host = endpoint.getHost();
    Usage.Step used = used(model, completion, tookMs);
    if (!(completion.path("choices").path(0).path("message") instanceof ObjectNode came)) {
      return invalid(
          host
              + " answered what is no chat completion: is openai.base_url right, up to and"
              + " including its /v1?",
          used);
    }
    ObjectNode message = came.deepCopy();
    message.put("role", "assistant");
    removeEmptyFields(message);
    if (!message.has("content")) {
      message.putNull("content");
    }
    if (message.has("tool_calls") && !nameCalls(message.path("tool_calls"))) {
      return invalid(host + " answered with tool calls that name no function.", used);
    }
    JsonNode content = message.path("content");
    if (!content.isTextual() && !content.isArray() && !content.isNull()) {
      return invalid(host + " answered with a message whose content is no text.", used);
    }
    return new ModelAnswer.Message(
        message,
        used,
        word(completion.path("model")),
        word(completion.path("choices").path(0).path("finish_reason")));
  }

  private static @Nullable String word(JsonNode value) {
    return value.isTextual() ? value.asText() : null;
  }

  private Usage.Step used(String model, JsonNode completion, long tookMs) {
    Usage.Step tokens = tokens(completion.path("usage"), tookMs);
    JsonNode told = completion.at("/usage/cost");
    if (told.isNumber()) {
      return tokens.costing(Math.clamp(told.asDouble(), 0, MOST_DOLLARS));
    }
    if (tokens.totalTokens() == 0) {
      return tokens; // The server does not count; that is not the same as asking for nothing.
    }
    return prices
        .of(model)
        .or(() -> prices.of(completion.path("model").asText()))
        .map(price -> tokens.costing(price.of(tokens)))
        .orElse(tokens);
  }

  private static Usage.Step tokens(JsonNode usage, long tookMs) {
    long prompt = tokens(usage.path("prompt_tokens"));
    long completion = tokens(usage.path("completion_tokens"));
    return new Usage.Step(
        prompt,
        completion,
        Math.max(prompt + completion, tokens(usage.path("total_tokens"))),
        tokens(usage.path("prompt_tokens_details").path("cached_tokens")),
        tokens(usage.path("completion_tokens_details").path("reasoning_tokens")),
        null,
        tookMs);
  }

  // What no model could have used would only make the sums overflow.
  private static long tokens(JsonNode count) {
    return count.isNumber() ? (long) Math.clamp(count.asDouble(), 0, 1e9) : 0;
  }

  private static void removeEmptyFields(ObjectNode message) {
    for (Map.Entry<String, JsonNode> field : List.copyOf(message.properties())) {
      JsonNode value = field.getValue();
      boolean empty = value.isNull() || (value.isArray() && value.isEmpty());
      if (empty && !field.getKey().equals("content")) {
        message.remove(field.getKey());
      }
    }
  }

  // Some servers leave ids out or give all calls the same one; a result can be told to its call
  // only by an id of its own.
  private static boolean nameCalls(JsonNode calls) {
    if (!calls.isArray()) {
      return false;
    }
    Set<String> ids = new HashSet<>();
    for (JsonNode call : calls) {
      if (!(call instanceof ObjectNode object) || !call.path("function").path("name").isTextual()) {
        return false;
      }
      String id = call.path("id").isTextual() ? call.path("id").asText() : "";
      if (id.isBlank() || !ids.add(id)) {
        String made = "call_" + UUID.randomUUID().toString().replace("-", "");
        object.put("id", made);
        ids.add(made);
      }
      if (!object.path("type").isTextual()) {
        object.put("type", "function");
      }
    }
    return true;
  }

  /** A body as JSON; an empty object where it is none. */
  JsonNode parse(String body) {
    try {
      JsonNode node = json.readTree(body);
      return node == null ? json.createObjectNode() : node;
    } catch (JsonProcessingException e) {
      return json.createObjectNode();
    }
  }

  private static ModelAnswer invalid(String sentence, Usage.Step used) {
    return new ModelAnswer.Setback(RunFailure.MODEL_ANSWER_INVALID, sentence, null, used);
  }
}
