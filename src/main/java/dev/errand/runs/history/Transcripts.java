package dev.errand.runs.history;

import dev.errand.models.message.Message;
import dev.errand.models.port.RunError;
import dev.errand.models.port.Transcript;
import dev.errand.runs.entry.RunEntry;
import dev.errand.runs.entry.RunEntryCodec;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Rebuilds a conversation from a run's entries alone: to resume the run, and to show the request
 * behind an entry.
 */
@ApplicationScoped
public class Transcripts {
  private final RunEntryCodec codec;

  Transcripts(RunEntryCodec codec) {
    this.codec = codec;
  }

  /** The conversation that these stored entries record. */
  public Transcript of(List<String> entries) {
    List<Message> messages = new ArrayList<>();
    Set<RunError> warnedOf = EnumSet.noneOf(RunError.class);
    int failedTries = 0;
    int repairs = 0;
    for (String stored : entries) {
      switch (codec.read(stored).entry()) {
        case RunEntry.Prompt prompt -> {
          messages.add(prompt.message());
          failedTries = 0;
        }
        case RunEntry.Repair repair -> {
          messages.add(repair.message());
          failedTries = 0;
          repairs++;
        }
        case RunEntry.Answer answer -> {
          messages.add(answer.message());
          failedTries = 0;
        }
        case RunEntry.ToolResult result -> {
          messages.add(result.message());
          failedTries = 0;
        }
        case RunEntry.FailedTry _ -> failedTries++;
        case RunEntry.Failure failure -> {
          // The end of a run that was then retried, which resets its tries and warnings. A last
          // message that did not fit is asked for anew.
          failedTries = 0;
          repairs = 0;
          warnedOf.clear();
          if (failure.code().equals(RunError.OUTPUT_INVALID.code())
              && messages.getLast() instanceof Message.Assistant) {
            messages.removeLast();
          }
        }
        case RunEntry.Warning warning ->
            RunError.of(warning.code()).filter(RunError::isBound).ifPresent(warnedOf::add);
        case RunEntry.FinalMessage _,
            RunEntry.ToolCallRequested _,
            RunEntry.LogLine _,
            RunEntry.Retried _,
            RunEntry.Unknown _ -> {}
      }
    }
    return new Transcript(messages, failedTries, warnedOf, repairs);
  }
}
