package dev.errand.runner.openai;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.runner.Failure;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** Reads what a model's server answered. */
@ApplicationScoped
class ModelAnswers {
  private static final int LONGEST_QUOTE = 300;

  private final ObjectMapper json;

  ModelAnswers(ObjectMapper json) {
    this.json = json;
  }

  ModelAnswer read(URI endpoint, String key, RestResponse<String> response, long tookMs) {
    JsonNode body = parse(textOf(response));
    int status = response.getStatus();
    if (status == 200) {
      return message(endpoint, body, tookMs);
    }
    String code = body.path("error").path("code").asText();
    String type = body.path("error").path("type").asText();
    String said = quote(body, key);
    return switch (status) {
      case 401, 403 ->
          refusal(
              Failure.KEY_REFUSED,
              endpoint.getHost()
                  + " does not take the task's key (status "
                  + status
                  + "): put a valid one in settings.key.");
      case 404 ->
          refusal(
              Failure.MODEL_NOT_FOUND,
              endpoint.getHost()
                  + " has no such model, or the key may not use it: check openai.model and"
                  + " openai.base_url."
                  + said);
      case 429 ->
          code.equals("insufficient_quota") || type.equals("insufficient_quota")
              ? refusal(
                  Failure.QUOTA_EXCEEDED,
                  "The account behind the task's key has no quota left at "
                      + endpoint.getHost()
                      + ": check its plan and billing."
                      + said)
              : unavailable(endpoint, "is asked too often for this key (status 429)." + said);
      case 408, 409 -> unavailable(endpoint, "asks to try again (status " + status + ")." + said);
      default ->
          status >= 500
              ? unavailable(endpoint, "failed (status " + status + ")." + said)
              : code.equals("model_not_found")
                  ? refusal(
                      Failure.MODEL_NOT_FOUND,
                      endpoint.getHost() + " has no such model: check openai.model." + said)
                  : refusal(
                      Failure.MODEL_REFUSED,
                      endpoint.getHost() + " refused the request (status " + status + ")." + said);
    };
  }

  ModelAnswer unreachable(URI endpoint, Throwable cause) {
    for (@Nullable Throwable t = cause; t != null; t = t.getCause()) {
      if (t instanceof AddressRefusedException) {
        return refusal(Failure.MODEL_UNAVAILABLE, String.valueOf(t.getMessage()));
      }
    }
    return unavailable(
        endpoint,
        "could not be reached, the connection was cut, or the answer was too large: is"
            + " openai.base_url right?");
  }

  private ModelAnswer message(URI endpoint, JsonNode body, long tookMs) {
    if (!(body.path("choices").path(0).path("message") instanceof ObjectNode came)) {
      return refusal(
          Failure.MODEL_ANSWER_INVALID,
          endpoint.getHost()
              + " answered what is no chat completion: is openai.base_url right, up to and"
              + " including its /v1?");
    }
    ObjectNode message = came.deepCopy();
    message.put("role", "assistant");
    for (String name : new HashSet<>(names(message))) {
      JsonNode value = message.get(name);
      boolean empty = value.isNull() || (value.isArray() && value.isEmpty());
      if (empty && !name.equals("content")) {
        message.remove(name);
      }
    }
    JsonNode calls = message.path("tool_calls");
    if (!message.has("content")) {
      message.putNull("content");
    }
    if (!calls.isMissingNode() && !nameCalls(calls)) {
      return refusal(
          Failure.MODEL_ANSWER_INVALID,
          endpoint.getHost() + " answered with tool calls that name no function.");
    }
    JsonNode content = message.path("content");
    if (!content.isTextual() && !content.isArray() && !content.isNull()) {
      return refusal(
          Failure.MODEL_ANSWER_INVALID,
          endpoint.getHost() + " answered with a message whose content is no text.");
    }
    JsonNode usage = body.path("usage");
    long prompt = tokens(usage.path("prompt_tokens"));
    long completion = tokens(usage.path("completion_tokens"));
    long total = Math.max(prompt + completion, tokens(usage.path("total_tokens")));
    return new ModelAnswer.Message(message, prompt, completion, total, tookMs);
  }

  // What no model could have used would only make the sums overflow.
  private static long tokens(JsonNode count) {
    return count.isNumber() ? (long) Math.clamp(count.asDouble(), 0, 1e9) : 0;
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
        String made = "call_" + java.util.UUID.randomUUID().toString().replace("-", "");
        object.put("id", made);
        ids.add(made);
      }
      if (!object.path("type").isTextual()) {
        object.put("type", "function");
      }
    }
    return true;
  }

  private static Set<String> names(ObjectNode node) {
    Set<String> names = new HashSet<>();
    node.fieldNames().forEachRemaining(names::add);
    return names;
  }

  // Whatever type is asked for, of an answer that is no success the client keeps the bytes.
  private static @Nullable String textOf(RestResponse<?> response) {
    try {
      return switch (response.getEntity()) {
        case String text -> text;
        case InputStream bytes -> new String(bytes.readAllBytes(), StandardCharsets.UTF_8);
        case null, default -> null;
      };
    } catch (IOException e) {
      return null;
    }
  }

  private JsonNode parse(@Nullable String body) {
    try {
      JsonNode node = body == null ? null : json.readTree(body);
      return node == null ? json.createObjectNode() : node;
    } catch (JsonProcessingException e) {
      return json.createObjectNode();
    }
  }

  // Servers have been seen to repeat part of the key in their messages.
  private static String quote(JsonNode body, String key) {
    String said = body.path("error").path("message").asText().strip();
    if (said.isEmpty() || (!key.isEmpty() && said.contains(key))) {
      return "";
    }
    String cut = said.length() > LONGEST_QUOTE ? said.substring(0, LONGEST_QUOTE) + "…" : said;
    return " It said: " + cut;
  }

  private static ModelAnswer unavailable(URI endpoint, String what) {
    return refusal(Failure.MODEL_UNAVAILABLE, endpoint.getHost() + " " + what);
  }

  private static ModelAnswer refusal(Failure failure, String sentence) {
    return new ModelAnswer.Refusal(failure, sentence);
  }
}
