package dev.errand.models.loop;

import dev.errand.base.json.Json;
import dev.errand.base.limit.LruCache;
import dev.errand.base.secret.Sha256;
import dev.errand.models.message.Message;
import dev.errand.models.port.Assignment;
import dev.errand.models.port.LargestRequest;
import dev.errand.models.port.ModelSettings;
import dev.errand.models.port.Usage;
import dev.errand.models.price.Prices;
import dev.errand.models.wire.ModelEndpoints;
import dev.errand.tools.port.Content;
import dev.errand.tools.port.Tool;
import dev.errand.tools.port.ToolSpec;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds the most that the next request of a run can use. A token has at least one byte of text, so
 * a text has at most as many tokens as bytes; what the last answer was counted with is known
 * better.
 */
@Singleton
class RequestSizes {
  /** The most tokens of an answer where nothing else says how many. */
  static final int DEFAULT_ANSWER = 16_384;

  // What vendors put around messages and definitions, and before all of them.
  private static final int AROUND_EACH = 64;
  private static final int BEFORE_ALL = 1024;

  private static final Pattern ABOUT_LENGTH =
      Pattern.compile(
          "max_(completion_|output_|new_)?tokens|completion tokens|context (length|window)",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern ABOUT_CONTEXT =
      Pattern.compile("context (length|window)", Pattern.CASE_INSENSITIVE);
  private static final int KNOWN_LENGTHS = 1000;

  private final LruCache<String, Integer> longest = new LruCache<>(KNOWN_LENGTHS);
  private final Prices prices;
  private final ModelEndpoints endpoints;
  private final Json json;

  RequestSizes(Prices prices, ModelEndpoints endpoints, Json json) {
    this.prices = prices;
    this.endpoints = endpoints;
    this.json = json;
  }

  /**
   * The most that the next request can use.
   *
   * @param last the usage of the last answer in the conversation; null where it is not known
   */
  LargestRequest of(Assignment assignment, List<Message> conversation, Usage.@Nullable Step last) {
    ModelSettings settings = assignment.settings();
    long prompt = BEFORE_ALL;
    int from = 0;
    if (last != null && last.totalTokens() > 0) {
      prompt += last.totalTokens();
      from = afterLastAnswer(conversation);
    } else {
      prompt += beforeMessages(assignment);
    }
    for (Message message : conversation.subList(from, conversation.size())) {
      prompt += most(message, settings);
    }
    Integer length = settings.answerLength();
    int most = length == null ? DEFAULT_ANSWER : length;
    if (settings.leastAnswerLength() < most) {
      most = Math.min(most, longest.find(place(assignment)).orElse(most));
    }
    long tokens = prompt;
    return new LargestRequest(
        prompt,
        most,
        Math.min(most, settings.leastAnswerLength()),
        prices
            .of(settings, endpoints.of(settings))
            .map(price -> price.most(tokens, settings.serviceTier()))
            .orElse(null));
  }

  /**
   * A shorter length of the answer where its task says none and the server refused that one as too
   * long: how long a model's answers may be is not known before. Where the conversation takes no
   * part in it, that is asked of the model from now on.
   *
   * @param asked the length that was refused
   * @return empty where no shorter one is of use
   */
  OptionalInt shorter(Assignment assignment, int asked, String refusal) {
    ModelSettings settings = assignment.settings();
    int shorter = Math.max(asked / 2, settings.leastAnswerLength());
    if (shorter >= asked || !ABOUT_LENGTH.matcher(refusal).find()) {
      return OptionalInt.empty();
    }
    if (!ABOUT_CONTEXT.matcher(refusal).find()) {
      longest.put(place(assignment), shorter);
    }
    return OptionalInt.of(shorter);
  }

  // With its key: what a server refuses to one user may be made by that user's own task.
  private String place(Assignment assignment) {
    ModelSettings settings = assignment.settings();
    return "%s %s %s"
        .formatted(
            endpoints.of(settings),
            settings.model(),
            HexFormat.of().formatHex(Sha256.of(assignment.key())));
  }

  private static int afterLastAnswer(List<Message> conversation) {
    for (int i = conversation.size(); i > 0; i--) {
      if (conversation.get(i - 1) instanceof Message.Assistant) {
        return i;
      }
    }
    return 0;
  }

  private long beforeMessages(Assignment assignment) {
    ModelSettings settings = assignment.settings();
    String system = settings.system();
    // Settings of a vendor may be part of what the model reads, such as the form of its answer.
    long most =
        bytes(json.write(settings.copy("", settings.model(), null, null)))
            + (system == null ? 0 : bytes(system));
    for (Tool tool : assignment.toolbox().tools()) {
      ToolSpec spec = tool.spec();
      most +=
          AROUND_EACH
              + bytes(spec.name())
              + bytes(spec.description())
              + bytes(json.write(spec.inputSchema()));
    }
    return assignment.output() == null
        ? most
        : most + bytes(json.write(assignment.output().schema()));
  }

  private long most(Message message, ModelSettings settings) {
    return AROUND_EACH
        + switch (message) {
          case Message.Instructions instructions -> bytes(instructions.text());
          case Message.User user -> bytes(user.text()) + most(user.pictures(), settings);
          case Message.ToolResult result ->
              bytes(result.text()) + most(result.pictures(), settings);
          case Message.Assistant answer -> most(answer, settings.runner());
        };
  }

  private long most(Message.Assistant answer, String runner) {
    long known =
        answer.toolCalls().stream()
                .mapToLong(
                    call -> AROUND_EACH + bytes(call.name()) + bytes(json.write(call.arguments())))
                .sum()
            + bytes(answer.output());
    return answer
        .sentBy(runner)
        .map(sent -> Math.max(known, bytes(json.write(sent))))
        .orElse(known);
  }

  private static long most(List<Content.Image> pictures, ModelSettings settings) {
    return (long) settings.pictureTokens() * pictures.size();
  }

  private static long bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
