package dev.errand.adapters.console.run;

import dev.errand.runs.entry.RunEntry;
import dev.errand.runs.entry.TimedEntry;
import java.util.List;
import java.util.stream.IntStream;

/**
 * An entry of a run, and its place.
 *
 * @param number its number, from 0
 */
record NumberedEntry(int number, TimedEntry timed) {
  /** Entries that follow each other. */
  static List<NumberedEntry> from(int first, List<TimedEntry> entries) {
    return IntStream.range(0, entries.size())
        .mapToObj(index -> new NumberedEntry(first + index, entries.get(index)))
        .toList();
  }

  RunEntry entry() {
    return timed.entry();
  }

  /** Whether it is a tool call that failed, or the end of a run that did. */
  boolean hasFailed() {
    return switch (entry()) {
      case RunEntry.ToolResult result -> result.hasFailed();
      case RunEntry.Failure failure -> !EntryTexts.isCancel(failure);
      case RunEntry.Prompt _,
          RunEntry.Repair _,
          RunEntry.Answer _,
          RunEntry.FinalMessage _,
          RunEntry.ToolCallRequested _,
          RunEntry.Retried _,
          RunEntry.LogLine _,
          RunEntry.Warning _,
          RunEntry.FailedTry _,
          RunEntry.ApprovalRequested _,
          RunEntry.ApprovalDecided _,
          RunEntry.Unknown _ ->
          false;
    };
  }

  /** Whether it is a failure, or a warning of a tool or of the service. */
  boolean isTrouble() {
    return switch (entry()) {
      case RunEntry.LogLine log -> log.isWarning();
      case RunEntry.Unknown unknown -> unknown.isWarning();
      case RunEntry.Warning _, RunEntry.FailedTry _ -> true;
      case RunEntry.Prompt _,
          RunEntry.Repair _,
          RunEntry.Answer _,
          RunEntry.FinalMessage _,
          RunEntry.ToolCallRequested _,
          RunEntry.ToolResult _,
          RunEntry.Failure _,
          RunEntry.Retried _,
          RunEntry.ApprovalRequested _,
          RunEntry.ApprovalDecided _ ->
          hasFailed();
    };
  }
}
