package dev.errand.runs.history;

import dev.errand.models.message.Message;
import dev.errand.models.message.Message.Original;
import dev.errand.models.port.RunError;
import dev.errand.models.port.Runners;
import dev.errand.models.port.Transcript;
import dev.errand.models.port.WarningCode;
import dev.errand.runs.entry.RunEntry;
import dev.errand.runs.entry.RunEntry.EndedRequest;
import dev.errand.runs.entry.RunEntryCodec;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Rebuilds a conversation from a run's entries alone: to resume the run, and to show the request
 * behind an entry.
 */
@ApplicationScoped
public class Transcripts {
  private static final Set<String> OF_ANSWER =
      Set.of(
          RunError.OUTPUT_INVALID.code(),
          RunError.MODEL_NOT_PRICED.code(),
          RunError.EXPECTATION_FAILED.code());

  private final RunEntryCodec codec;
  private final Runners runners;

  Transcripts(RunEntryCodec codec, Runners runners) {
    this.codec = codec;
    this.runners = runners;
  }

  /** What these stored entries record. */
  public Recorded of(List<String> entries) {
    Recorded recorded = new Recorded();
    entries.forEach(stored -> recorded.add(codec.read(stored).entry()));
    return recorded;
  }

  /** A message, and the request to the model that it answers; null for another message. */
  private record Step(Message message, @Nullable EndedRequest asked) {}

  /** What a run's entries record of its conversation. */
  public final class Recorded {
    private final List<Step> steps = new ArrayList<>();
    private final Set<RunError> warnedOf = EnumSet.noneOf(RunError.class);
    private final Set<String> warnings = new LinkedHashSet<>();
    private int failedTries;
    private int earlierTries;
    private int repairs;
    // How many of the messages are from before another model or system text was set.
    private int former;
    private boolean saidSo;
    private @Nullable EndedRequest asked;

    private Recorded() {}

    private void add(RunEntry entry) {
      if (entry.asked() != null) {
        asked = entry.asked();
      }
      switch (entry) {
        case RunEntry.Prompt prompt -> add(prompt.message(), null);
        case RunEntry.Repair repair -> {
          add(repair.message(), null);
          repairs++;
        }
        case RunEntry.Answer answer -> add(answer.message(), answer.asked());
        case RunEntry.ToolResult result -> add(result.message(), null);
        case RunEntry.FailedTry _ -> failedTries++;
        case RunEntry.Failure failure -> {
          // The end of a run that was then retried, which resets its tries and warnings. A message
          // that ended the run is asked for anew.
          failedTries = 0;
          earlierTries = 0;
          repairs = 0;
          warnedOf.clear();
          warnings.clear();
          if (OF_ANSWER.contains(failure.code())
              && steps.getLast().message() instanceof Message.Assistant) {
            steps.removeLast();
          }
        }
        case RunEntry.Warning warning -> {
          warnings.add(warning.code());
          saidSo |= warning.code().equals(WarningCode.THINKING_DROPPED.code());
          if (warning.code().equals(WarningCode.RETRY_LATER.code())) {
            // The next try begins anew, also with its time. The request that failed last has no
            // entry of its own.
            earlierTries += failedTries + 1;
            failedTries = 0;
            warnedOf.remove(RunError.TIMEOUT);
          }
          RunError.of(warning.code()).filter(RunError::isBound).ifPresent(warnedOf::add);
        }
        case RunEntry.Retried retried -> {
          asked = null;
          saidSo = false;
          former = retried.isAnew() ? steps.size() : former;
        }
        case RunEntry.FinalMessage _,
            RunEntry.ToolCallRequested _,
            RunEntry.LogLine _,
            RunEntry.ApprovalRequested _,
            RunEntry.ApprovalDecided _,
            RunEntry.Unknown _ -> {}
      }
    }

    private void add(Message message, @Nullable EndedRequest answered) {
      steps.add(new Step(message, answered));
      failedTries = 0;
      earlierTries = 0;
    }

    /** The last request since the run was started or retried; null where none has ended. */
    public @Nullable EndedRequest asked() {
      return asked;
    }

    /**
     * The conversation, without what is bound to other tools or to another model.
     *
     * @param tools the address of the definitions of the tools that are offered; null for none
     */
    public Transcript transcript(@Nullable String tools) {
      List<Message> messages = new ArrayList<>(steps.size());
      for (int i = 0; i < steps.size(); i++) {
        Message message = steps.get(i).message();
        messages.add(
            message instanceof Message.Assistant said && isVoid(i, tools)
                ? said.withoutOriginal()
                : message);
      }
      List<String> warned = new ArrayList<>(warnings);
      if (isNewlyCut(tools) && !warnings.contains(WarningCode.THINKING_DROPPED.code())) {
        // It is warned of before the conversation goes on.
        warned.add(WarningCode.THINKING_DROPPED.code());
      }
      return new Transcript(messages, failedTries, earlierTries, warnedOf, warned, repairs);
    }

    /** Whether that conversation lacks something, and no entry has said so since the retry. */
    public boolean isNewlyCut(@Nullable String tools) {
      for (int i = 0; i < steps.size() && !saidSo; i++) {
        if (isVoid(i, tools)) {
          return true;
        }
      }
      return false;
    }

    private boolean isVoid(int number, @Nullable String tools) {
      Step step = steps.get(number);
      EndedRequest answered = step.asked();
      return (number < former || (answered != null && !Objects.equals(answered.tools(), tools)))
          && step.message() instanceof Message.Assistant said
          && isBound(said.original());
    }

    private boolean isBound(@Nullable Original original) {
      return original != null
          && runners
              .find(original.runner())
              .map(port -> port.isBound(original.sent()))
              .orElse(true);
    }
  }
}
