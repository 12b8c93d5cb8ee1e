package dev.errand.models.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.errand.base.json.Json;
import dev.errand.base.json.WellFormed;
import dev.errand.models.message.Message;
import dev.errand.models.port.ModelAnswer;
import dev.errand.models.port.RunError;
import dev.errand.models.port.RunWarning;
import dev.errand.models.port.Turn;
import dev.errand.models.port.Turn.Incomplete;
import dev.errand.models.port.Usage;
import dev.errand.models.port.WarningCode;
import dev.errand.models.price.Prices;
import dev.errand.models.wire.AnswerParser;
import dev.errand.models.wire.ModelCall;
import dev.errand.models.wire.RateFields;
import dev.errand.models.wire.RetryHints;
import dev.errand.models.wire.ServerError;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Parses answers of Anthropic's Messages API: messages, usage and errors. */
@Singleton
class AnthropicAnswers {
  private static final RateFields REQUESTS = RateFields.of("anthropic-ratelimit-requests-%s");
  private static final RateFields TOKENS = RateFields.of("anthropic-ratelimit-tokens-%s");
  private static final String TYPE = "type";
  private static final String INPUT = "input";
  private static final String ERROR = "error";
  private static final int LONGEST_WORD = 50;

  private final Json json;
  private final Prices prices;

  AnthropicAnswers(Json json, Prices prices) {
    this.json = json;
    this.prices = prices;
  }

  /** The parser of the answers to requests with these settings. */
  AnswerParser of(AnthropicSettings settings) {
    return new AnswerParser() {
      @Override
      public Streamed stream() {
        return new StreamedMessage(json, settings.showsThinking());
      }

      @Override
      public ModelAnswer read(ModelCall call, JsonNode answer, long tookMs) {
        return AnthropicAnswers.this.read(call, answer, tookMs);
      }

      @Override
      public RateFields ofRequests() {
        return REQUESTS;
      }

      @Override
      public RateFields ofTokens() {
        return TOKENS;
      }

      @Override
      public ServerError error(int status, JsonNode body) {
        JsonNode error = body.path(ERROR);
        return new ServerError(status, meaning(error), message(error));
      }
    };
  }

  private ModelAnswer read(ModelCall call, JsonNode answer, long tookMs) {
    if (isError(answer)) {
      JsonNode error = answer.path(ERROR);
      return ServerError.inAnswer(status(error), meaning(error), message(error))
          .of(call, RetryHints.NONE, tookMs);
    }
    Usage.Step used = used(call, answer, tookMs);
    if (!(answer.path("content") instanceof ArrayNode content)) {
      return invalid(
          "%s sent an answer that is not a message: is %s right?"
              .formatted(call.host(), call.settings().field("base_url")),
          used);
    }
    @Nullable String stop = answer.path("stop_reason").textValue();
    boolean isCut = "max_tokens".equals(stop) || "model_context_window_exceeded".equals(stop);
    boolean isRefused = "refusal".equals(stop);
    Optional<Message.Assistant> message =
        message(
            content,
            isCut,
            isRefused ? Optional.of(answer.path("stop_details")) : Optional.empty());
    if (message.isEmpty()) {
      return invalid(call.host() + " sent a tool call that names no tool.", used);
    }
    Incomplete incomplete =
        isCut
            ? Incomplete.cut(String.valueOf(stop), call.question().answerLengthField())
            : isRefused ? refused(answer.path("stop_details")) : null;
    return new Turn(
        message.get(),
        used,
        answer.path("id").textValue(),
        answer.path("model").textValue(),
        stop,
        incomplete,
        "pause_turn".equals(stop) || "compaction".equals(stop),
        dropped(answer.path("input_transformations")),
        null);
  }

  /** Empty where a tool call has no name. */
  private Optional<Message.Assistant> message(
      ArrayNode content, boolean isCut, Optional<JsonNode> refusal) {
    StringBuilder text = new StringBuilder();
    List<Message.ToolCall> calls = new ArrayList<>();
    ArrayNode sent = json.array();
    Set<String> ids = new HashSet<>();
    for (int i = 0; i < content.size(); i++) {
      JsonNode block = content.get(i);
      switch (block.path(TYPE).asText()) {
        case "text" -> {
          text.append(block.path("text").asText());
          sent.add(block);
        }
        case "tool_use" -> {
          if (!block.path("name").isTextual() || block.path("name").asText().isBlank()) {
            return Optional.empty();
          }
          ObjectNode known = known((ObjectNode) block, ids);
          sent.add(known);
          calls.add(
              new Message.ToolCall(
                  known.path("id").asText(),
                  known.path("name").asText(),
                  arguments(block.path(INPUT), isCut && i == content.size() - 1)));
        }
        default -> sent.add(block); // It is of use to the vendor alone.
      }
    }
    return Optional.of(
        new Message.Assistant(
            text.toString(),
            // What a model began before it refused is not done.
            refusal.isPresent() ? List.of() : calls,
            refusal.map(details -> details.path("explanation").textValue()).orElse(null),
            null,
            new Message.Original(AnthropicSettings.RUNNER, sent)));
  }

  // A tool call as it is sent back. The vendor's own calls stay as they are; other servers may
  // leave out ids or repeat them, and any model may write an input that is no JSON object, which no
  // server takes back.
  private ObjectNode known(ObjectNode call, Set<String> ids) {
    String id = call.path("id").isTextual() ? call.path("id").asText() : "";
    boolean isUsable = Message.ToolCall.isUsable(id) && ids.add(id);
    if (isUsable && call.path(INPUT).isObject()) {
      return call;
    }
    ObjectNode known = call.deepCopy();
    if (!isUsable) {
      known.put("id", "toolu_" + UUID.randomUUID().toString().replace("-", ""));
    }
    if (!call.path(INPUT).isObject()) {
      known.set(INPUT, json.object());
    }
    return known;
  }

  // What is not JSON is not executed; the result of the call says what is wrong. Nor is a call that
  // was cut, though its beginning may be a valid object.
  private JsonNode arguments(JsonNode input, boolean isCut) {
    if (input.isMissingNode()) {
      return json.object();
    }
    if (isCut) {
      return TextNode.valueOf((input.isTextual() ? input.asText() : input.toString()) + "…");
    }
    return input;
  }

  private static Incomplete refused(JsonNode details) {
    String category = WellFormed.cut(details.path("category").asText(""), LONGEST_WORD);
    return category.isEmpty()
        ? Incomplete.refused()
        : new Incomplete(
            "refusal",
            new RunWarning.Noted(
                WarningCode.OUTPUT_FILTERED,
                "The model refused to answer, for the reason "
                    + category
                    + ": rephrase the request."));
  }

  private static List<RunWarning> dropped(JsonNode transformations) {
    Set<String> reasons = new TreeSet<>();
    int blocks = 0;
    for (JsonNode transformation : transformations) {
      if (transformation.path(TYPE).asText().equals("thinking_dropped")) {
        blocks++;
        reasons.add(WellFormed.cut(transformation.path("reason").asText("unknown"), LONGEST_WORD));
      }
    }
    return blocks == 0
        ? List.of()
        : List.of(
            new RunWarning.Noted(
                WarningCode.THINKING_DROPPED,
                "The model's server left out %s of what the model thought before (%s): it answered without that."
                    .formatted(
                        blocks == 1 ? "a part" : blocks + " parts", String.join(", ", reasons))));
  }

  private static boolean isError(JsonNode answer) {
    return answer.path(TYPE).asText().equals(ERROR)
        || (answer.path(ERROR).isObject() && !answer.path("content").isArray());
  }

  /** The status with which the vendor sends an error outside of streams. */
  private static int status(JsonNode error) {
    return switch (error.path(TYPE).asText()) {
      case "invalid_request_error" -> 400;
      case "authentication_error" -> 401;
      case "billing_error" -> 402;
      case "permission_error" -> 403;
      case "not_found_error" -> 404;
      case "request_too_large" -> 413;
      case "rate_limit_error" -> 429;
      case "timeout_error" -> 504;
      case "overloaded_error" -> 529;
      default -> 500;
    };
  }

  // Without money, and at a spending limit that the account's owner set, the vendor says only that
  // the request is invalid.
  private static @Nullable RunError meaning(JsonNode error) {
    String type = error.path(TYPE).asText();
    String message = message(error);
    if (type.equals("billing_error")
        || message.contains("credit balance is too low")
        || message.contains("specified API usage limits")) {
      return RunError.QUOTA_EXCEEDED;
    }
    return type.equals("not_found_error") ? RunError.MODEL_NOT_FOUND : null;
  }

  private static String message(JsonNode error) {
    return error.path("message").asText();
  }

  // What was read from the cache and written to it is not among the input tokens.
  private Usage.Step used(ModelCall call, JsonNode answer, long tookMs) {
    JsonNode usage = Usage.believed(answer.path("usage"));
    long cached = Usage.tokens(usage.path("cache_read_input_tokens"));
    long cacheWrite = Usage.tokens(usage.path("cache_creation_input_tokens"));
    long prompt = Usage.tokens(usage.path("input_tokens")) + cached + cacheWrite;
    long written = Usage.tokens(usage.path("output_tokens"));
    Usage.Step used =
        new Usage.Step(
            prompt,
            written,
            prompt + written,
            cached,
            cacheWrite,
            Usage.tokens(usage.path("output_tokens_details").path("thinking_tokens")),
            null,
            tookMs,
            Usage.tier(usage.path("service_tier")));
    return prices.priced(
        call,
        used,
        Usage.tokens(usage.path("cache_creation").path("ephemeral_1h_input_tokens")),
        usage.path("cost"),
        answer.path("model").asText());
  }

  private static ModelAnswer invalid(String sentence, Usage.Step used) {
    return new ModelAnswer.TemporaryFailure(RunError.MODEL_ANSWER_INVALID, sentence, null, used);
  }
}
