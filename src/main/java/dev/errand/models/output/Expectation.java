package dev.errand.models.output;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import dev.errand.base.cel.Condition;
import dev.errand.base.cel.KnownConditions;
import dev.errand.base.json.Json;
import dev.errand.base.json.WellFormed;
import dev.errand.models.message.Conversation;
import dev.errand.models.message.Message;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What a run must have done when its model gives the last message; otherwise it has failed. */
public final class Expectation {
  private static final Map<String, Condition.Type> VARIABLES = variables();
  private static final String RESULT = "result";
  private static final int LONGEST_SHOWN = 300;

  private final Map<String, Integer> tools;
  private final @Nullable String when;
  private final Json json;

  /**
   * Keeps what was checked when a task was registered.
   *
   * @param tools the fewest successful calls of tools, by the names that models call
   * @param when the condition in CEL; null for none
   */
  public Expectation(Map<String, Integer> tools, @Nullable String when, Json json) {
    this.tools = tools;
    this.when = when;
    this.json = json;
  }

  /**
   * What a run has done.
   *
   * @param messages its conversation, with the last message
   * @param isOffered whether it has the tool of that name
   * @param output the text of the last message
   * @param result the last message as JSON; null where its task has no schema
   * @param usage its usage, which is written as JSON
   * @param warnings the codes of its warnings since it was started or retried
   */
  public record Done(
      List<Message> messages,
      Predicate<String> isOffered,
      String output,
      @Nullable JsonNode result,
      Object usage,
      Collection<String> warnings) {}

  private static Map<String, Condition.Type> variables() {
    Map<String, Condition.Type> variables = new LinkedHashMap<>();
    variables.put("output", Condition.Type.TEXT);
    variables.put(RESULT, Condition.Type.ANY);
    variables.put("usage", Condition.Type.OBJECT);
    variables.put("warnings", Condition.Type.TEXTS);
    return Collections.unmodifiableMap(variables);
  }

  /**
   * Checks a condition.
   *
   * @throws IllegalArgumentException that says what is wrong with it: the end of a sentence
   */
  public static void check(String when) {
    Condition _ = KnownConditions.all().check(when, VARIABLES);
  }

  /** Whether a condition reads the last message as JSON, as far as this version understands it. */
  public static boolean readsResult(String when) {
    try {
      return KnownConditions.all().check(when, VARIABLES).reads(RESULT);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** A sentence that says what a run has not done; empty where it has done all. */
  public Optional<String> unmet(Done run) {
    List<String> unmet = new ArrayList<>(unmetTools(run));
    unmetCondition(run).ifPresent(unmet::add);
    return unmet.isEmpty()
        ? Optional.empty()
        : Optional.of("The run did not do what its task expects: " + String.join("; ", unmet));
  }

  private List<String> unmetTools(Done run) {
    if (tools.isEmpty()) {
      return List.of();
    }
    Calls calls = Calls.in(run.messages());
    List<String> unmet = new ArrayList<>();
    tools.forEach(
        (tool, least) -> {
          int succeeded = calls.succeeded.getOrDefault(tool, 0);
          if (succeeded < least) {
            int failed = calls.failed.getOrDefault(tool, 0);
            unmet.add(
                "%s had %d of %d successful calls%s (settings.expect.tools)"
                    .formatted(
                        tool,
                        succeeded,
                        least,
                        failed > 0
                            ? ", and " + failed + " that failed"
                            : run.isOffered().test(tool) ? "" : ", and the run has no such tool"));
          }
        });
    return unmet;
  }

  private Optional<String> unmetCondition(Done run) {
    if (when == null) {
      return Optional.empty();
    }
    Condition.Result result;
    try {
      result = KnownConditions.all().get(when, VARIABLES).check(values(run));
    } catch (IllegalArgumentException e) {
      // Another version took it.
      result = new Condition.Failed("it " + e.getMessage());
    }
    return switch (result) {
      case Condition.Holds _ -> Optional.empty();
      case Condition.DoesNotHold _ -> Optional.of("settings.expect.when is false: " + shown(when));
      case Condition.Failed(String why) ->
          Optional.of(
              "settings.expect.when can't be evaluated, because " + why + ": " + shown(when));
    };
  }

  private Map<String, JsonNode> values(Done run) {
    return Map.of(
        "output",
        json.toTree(run.output()),
        RESULT,
        run.result() == null ? NullNode.getInstance() : run.result(),
        "usage",
        json.toTree(run.usage()),
        "warnings",
        json.toTree(run.warnings()));
  }

  private static String shown(String expression) {
    return WellFormed.excerpt(expression.strip().replaceAll("\\s+", " "), LONGEST_SHOWN);
  }

  /** How often each tool was called, by its name, from the messages alone. */
  private record Calls(Map<String, Integer> succeeded, Map<String, Integer> failed) {
    static Calls in(List<Message> messages) {
      Calls calls = new Calls(new HashMap<>(), new HashMap<>());
      for (Conversation.EndedCall call : Conversation.endedCalls(messages)) {
        (call.failed() ? calls.failed : calls.succeeded).merge(call.tool(), 1, Integer::sum);
      }
      return calls;
    }
  }
}
