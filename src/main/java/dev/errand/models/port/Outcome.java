package dev.errand.models.port;

import dev.errand.models.message.Message;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The outcome of an attempt at a run: the run ended, or continues later. */
public sealed interface Outcome {
  Usage usage();

  /**
   * The model gave its last message.
   *
   * @param used the usage of this message
   * @param hasResult whether the message is JSON that fits the schema of the task
   * @param finishReason why the message is not the whole answer, in the words of the model's
   *     server; null where it is
   */
  record Ready(
      Message.Assistant lastMessage,
      boolean hasResult,
      Usage.Step used,
      @Nullable String finishReason,
      Usage usage,
      List<RunWarning> warnings)
      implements Outcome {}

  /**
   * The run failed.
   *
   * @param sentence what happened and what to do, for the task's owner; nothing secret
   * @param used the usage of the request to the model that failed; null where another reason ends
   *     the run
   * @param answer the message of the model that is the reason, which is not recorded yet; null
   *     where there is none
   * @param warnings those that came with that message
   * @param mayPass whether a later try may succeed as things are, since the model's server failed
   */
  record Failed(
      RunError failure,
      String sentence,
      Usage usage,
      Usage.@Nullable Step used,
      Message.@Nullable Assistant answer,
      List<RunWarning> warnings,
      boolean mayPass)
      implements Outcome {
    public Failed {
      if (!failure.isOfLoop()) {
        throw new IllegalArgumentException(failure.code() + " does not come from the loop.");
      }
    }

    /** A failure that stays until somebody changes something. */
    public Failed(
        RunError failure,
        String sentence,
        Usage usage,
        Usage.@Nullable Step used,
        Message.@Nullable Assistant answer,
        List<RunWarning> warnings) {
      this(failure, sentence, usage, used, answer, warnings, false);
    }

    /** A failure for another reason than a request to the model. */
    public Failed(RunError failure, String sentence, Usage usage) {
      this(failure, sentence, usage, null, null, List.of());
    }
  }

  /** The run continues later, and its worker is freed until then. */
  record Postponed(Duration delay, RunWarning warning, Usage usage) implements Outcome {}

  /** The run continues when a person has decided about one of its tool calls. */
  record Waits(Usage usage) implements Outcome {}

  /** The run continues with the next period of a budget, or when that is changed. */
  record WaitsForBudget(Spending.BudgetWait budget, Usage usage) implements Outcome {}

  /**
   * The run continues when its turn comes to ask its model.
   *
   * @param until when that may be
   */
  record WaitsForRate(Instant until, Usage usage) implements Outcome {}

  /** The run can continue at once, but not in this process. */
  record HandedOver(Usage usage) implements Outcome {}
}
