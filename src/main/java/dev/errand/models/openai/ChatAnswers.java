package dev.errand.models.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.models.message.Message;
import dev.errand.models.message.MessageForm;
import dev.errand.models.port.ModelAnswer;
import dev.errand.models.port.RunError;
import dev.errand.models.port.Turn;
import dev.errand.models.port.Turn.Incomplete;
import dev.errand.models.port.Usage;
import dev.errand.models.wire.AnswerParser;
import dev.errand.models.wire.ModelCall;
import dev.errand.models.wire.RetryHints;
import dev.errand.models.wire.ServerError;
import jakarta.inject.Singleton;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Parses answers of OpenAI's chat completions API: messages, usage and errors. */
@Singleton
class ChatAnswers implements AnswerParser {
  private final MessageForm form;
  private final OpenAiUsage usage;

  ChatAnswers(MessageForm form, OpenAiUsage usage) {
    this.form = form;
    this.usage = usage;
  }

  @Override
  public Streamed stream() {
    return new StreamedCompletion();
  }

  @Override
  public ModelAnswer read(ModelCall call, JsonNode completion, long tookMs) {
    if (isError(completion)) {
      JsonNode error = completion.path("error");
      return OpenAiErrors.inAnswer(error.path("code").asInt(), error)
          .of(call, RetryHints.NONE, tookMs);
    }
    String host = call.host();
    Usage.Step used = usage.of(call, completion, "prompt", "completion", tookMs);
    JsonNode choice = completion.path("choices").path(0);
    if (!(choice.path("message") instanceof ObjectNode sent)) {
      return invalid(
          host
              + " sent an answer that is not a chat completion: is "
              + call.settings().field("base_url")
              + " right, up to and including its /v1?",
          used);
    }
    ObjectNode message = sent.deepCopy();
    message.put("role", "assistant");
    removeEmptyFields(message);
    if (!message.has("content")) {
      message.putNull("content");
    }
    if (message.has("tool_calls") && !nameCalls(message.path("tool_calls"))) {
      return invalid(host + " sent tool calls that name no function.", used);
    }
    JsonNode content = message.path("content");
    if (!content.isTextual() && !content.isArray() && !content.isNull()) {
      return invalid(host + " sent a message whose content is not text.", used);
    }
    @Nullable String finish = choice.path("finish_reason").textValue();
    return new Turn(
        form.assistant(
            message,
            sent.equals(message) ? null : new Message.Original(OpenAiSettings.RUNNER, sent)),
        used,
        completion.path("id").textValue(),
        completion.path("model").textValue(),
        finish,
        incomplete(finish, message, call.question().answerLengthField()));
  }

  @Override
  public ServerError error(int status, JsonNode body) {
    return OpenAiErrors.ofStatus(status, body);
  }

  // Some servers forward the error of another one with status 200.
  private static boolean isError(JsonNode completion) {
    return completion.path("error").isObject()
        && !completion.path("choices").path(0).path("message").isObject();
  }

  // Most servers use OpenAI's finish reasons, and some those of their makers' own APIs.
  private static @Nullable Incomplete incomplete(
      @Nullable String finish, ObjectNode message, String lengthField) {
    boolean refused = !message.path("refusal").asText().isBlank();
    if (finish == null) {
      return refused ? Incomplete.refused() : null;
    }
    return switch (finish.toLowerCase(Locale.ROOT)) {
      case "length", "max_tokens", "model_length" -> Incomplete.cut(finish, lengthField);
      case "content_filter", "safety" -> Incomplete.filtered(finish);
      default -> refused || finish.equals("refusal") ? Incomplete.refused() : null;
    };
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

  // Some servers leave ids out or give all calls the same id, but a result needs a unique one to
  // refer to its call.
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
      if (!Message.ToolCall.isUsable(id) || !ids.add(id)) {
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

  private static ModelAnswer invalid(String sentence, Usage.Step used) {
    return new ModelAnswer.TemporaryFailure(RunError.MODEL_ANSWER_INVALID, sentence, null, used);
  }
}
