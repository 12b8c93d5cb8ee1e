package dev.errand.runs.queue;

import dev.errand.models.port.RunError;
import dev.errand.runs.entry.RunEntry;
import dev.errand.runs.entry.RunEntryCodec;
import org.jspecify.annotations.Nullable;

/**
 * The end of a run.
 *
 * @param status ready or error
 * @param usage its usage, a JSON object; null leaves it as it is
 * @param hasResult whether the output is JSON that fits the schema of its task
 * @param finishReason why that message is not the whole answer of the model; null where it is
 */
public record RunEnd(
    RunStatus status,
    @Nullable String usage,
    @Nullable String output,
    boolean hasResult,
    @Nullable String finishReason,
    @Nullable RunError error,
    @Nullable String errorMessage,
    String lastEntry) {

  /** An end as {@code error} for a reason outside the run; its usage stays as it is. */
  public static RunEnd failed(RunEntryCodec entries, RunError error, String sentence) {
    return new RunEnd(
        RunStatus.ERROR,
        null,
        null,
        false,
        null,
        error,
        sentence,
        entries.write(new RunEntry.Failure(error.code(), sentence)));
  }

  /** The code of its error; null where it did not fail. */
  public @Nullable String errorCode() {
    return error == null ? null : error.code();
  }
}
