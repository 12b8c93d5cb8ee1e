package dev.errand.models.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.errand.models.message.Message;
import dev.errand.models.message.MessageForm;
import dev.errand.models.openai.OpenAiErrors;
import dev.errand.models.openai.OpenAiUsage;
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
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;

/** Parses answers of OpenAI's Responses API: output items, usage and errors. */
@Singleton
class ResponsesAnswers implements AnswerParser {
  private static final String INCOMPLETE = "incomplete";
  // Codes of failures that another try would have, too.
  private static final Pattern LASTING =
      Pattern.compile(
          "invalid_.*|image_.*|.*_image_.*|.*policy.*|data_residency_mismatch"
              + "|context_length_exceeded");
  private static final Pattern WORD = Pattern.compile("[a-z_]{1,50}");

  private final MessageForm form;
  private final OpenAiUsage usage;

  ResponsesAnswers(MessageForm form, OpenAiUsage usage) {
    this.form = form;
    this.usage = usage;
  }

  @Override
  public Streamed stream() {
    return new StreamedResponse();
  }

  @Override
  public ServerError error(int status, JsonNode body) {
    return OpenAiErrors.ofStatus(status, body);
  }

  @Override
  public ModelAnswer read(ModelCall call, JsonNode response, long tookMs) {
    Usage.Step used = usage.of(call, response, "input", "output", tookMs);
    String status = response.path("status").asText("completed");
    JsonNode output = response.path("output");
    if (status.equals("failed") || (response.path("error").isObject() && !output.isArray())) {
      return failure(call, response.path("error"), used);
    }
    boolean isIncomplete = status.equals(INCOMPLETE);
    if (!(output instanceof ArrayNode items) || !(isIncomplete || status.equals("completed"))) {
      return invalid(
          call.host()
              + " sent an answer that is not one of the Responses API: is "
              + call.settings().field("base_url")
              + " right, up to and including its /v1?",
          used);
    }
    Content content = new Content(items);
    for (JsonNode item : items) {
      if (!content.add(item)) {
        return invalid(
            call.host() + " sent an output item that is no item of the Responses API.", used);
      }
    }
    Message.Assistant message = content.message();
    String reason = isIncomplete ? reason(response) : status;
    return new Turn(
        message,
        used,
        response.path("id").textValue(),
        response.path("model").textValue(),
        reason,
        isIncomplete
            ? incomplete(reason, call.question().answerLengthField())
            : message.refusal() == null ? null : Incomplete.refused());
  }

  private static ModelAnswer failure(ModelCall call, JsonNode error, Usage.Step used) {
    ModelAnswer failure =
        OpenAiErrors.inAnswer(statusOf(error.path("code")), error)
            .of(call, RetryHints.NONE, used.tookMs());
    return failure instanceof ModelAnswer.TemporaryFailure again
        ? new ModelAnswer.TemporaryFailure(
            again.failure(),
            again.sentence(),
            again.askedToWait(),
            used,
            again.tierRefused(),
            again.mayCost())
        : failure;
  }

  private static int statusOf(JsonNode code) {
    return switch (code.asText()) {
      case "rate_limit_exceeded" -> 429;
      case "model_not_found" -> 404;
      case String word when LASTING.matcher(word).matches() -> 400;
      // Some servers give the status of another one.
      default -> code.asInt();
    };
  }

  // The server's own text may be anything.
  private static String reason(JsonNode response) {
    String reason = response.path("incomplete_details").path("reason").asText("");
    return WORD.matcher(reason).matches() ? reason : INCOMPLETE;
  }

  private static Incomplete incomplete(String reason, String lengthField) {
    return switch (reason) {
      case "max_output_tokens" -> Incomplete.cut(reason, lengthField);
      case "content_filter" -> Incomplete.filtered(reason);
      default -> Incomplete.ended(reason);
    };
  }

  private static ModelAnswer invalid(String sentence, Usage.Step used) {
    return new ModelAnswer.TemporaryFailure(RunError.MODEL_ANSWER_INVALID, sentence, null, used);
  }

  /** What the items of one answer say. */
  private final class Content {
    private final ArrayNode items;
    private final MessageForm.Arguments arguments = form.readArguments();
    private final List<String> texts = new ArrayList<>();
    private final List<String> finalTexts = new ArrayList<>();
    private final StringBuilder refusal = new StringBuilder();
    private final List<Message.ToolCall> calls = new ArrayList<>();
    private final Set<String> callIds = new HashSet<>();
    private int count;

    Content(ArrayNode items) {
      this.items = items;
    }

    /** Reads the next item. One that is of another kind than these goes back as it came. */
    boolean add(JsonNode item) {
      int place = count++;
      return switch (item.path("type").asText()) {
        case "message" -> addMessage(item);
        case "function_call" ->
            item instanceof ObjectNode call
                && call.path("name").isTextual()
                && addCall(named(call, place));
        default -> item.isObject();
      };
    }

    private boolean addMessage(JsonNode item) {
      JsonNode parts = item.path("content");
      if (!parts.isArray()) {
        return false;
      }
      StringBuilder text = new StringBuilder();
      for (JsonNode part : parts) {
        text.append(part.path("text").asText(""));
        refusal.append(part.path("refusal").asText(""));
      }
      texts.add(text.toString());
      if (item.path("phase").asText().equals("final_answer")) {
        finalTexts.add(text.toString());
      }
      return true;
    }

    // A result needs the id of its call, which some servers leave out or give to several calls.
    private ObjectNode named(ObjectNode call, int place) {
      String id = call.path("call_id").asText("");
      if (Message.ToolCall.isUsable(id) && callIds.add(id)) {
        return call;
      }
      String made = "call_" + UUID.randomUUID().toString().replace("-", "");
      callIds.add(made);
      ObjectNode named = call.deepCopy().put("call_id", made);
      items.set(place, named);
      return named;
    }

    private boolean addCall(ObjectNode call) {
      JsonNode given = call.path("arguments");
      boolean isCut = call.path("status").asText().equals(INCOMPLETE);
      calls.add(
          new Message.ToolCall(
              call.path("call_id").asText(),
              call.path("name").asText(),
              isCut ? TextNode.valueOf(given.asText()) : arguments.read(given)));
      return true;
    }

    Message.Assistant message() {
      // What the model said before its last answer was for those who read along.
      boolean isLast = calls.isEmpty() && !finalTexts.isEmpty();
      return new Message.Assistant(
          String.join("\n\n", isLast ? finalTexts : texts),
          calls,
          refusal.isEmpty() ? null : refusal.toString(),
          null,
          new Message.Original(ResponsesSettings.RUNNER, items));
    }
  }
}
