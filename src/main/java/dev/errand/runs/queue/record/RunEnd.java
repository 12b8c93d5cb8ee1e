package dev.errand.runs.queue.record;

import org.jspecify.annotations.Nullable;

/**
 * How a run ends.
 *
 * @param status ready or error
 * @param usage what it used, a JSON object; null leaves it as it is
 * @param output the last message's text, when it is ready
 * @param finishReason why that message is not all of the model's answer; null where nothing says so
 * @param errorCode why it ended without one
 * @param errorMessage a sentence that says so
 * @param lastEntry the last entry of its results
 */
public record RunEnd(
    RunStatus status,
    @Nullable String usage,
    @Nullable String output,
    @Nullable String finishReason,
    @Nullable String errorCode,
    @Nullable String errorMessage,
    String lastEntry) {

  /** The end as {@code error}, for a reason outside the run; what it has used stays as it is. */
  public static RunEnd failed(RunEntries entries, String code, String sentence) {
    return new RunEnd(
        RunStatus.ERROR, null, null, null, code, sentence, entries.failed(code, sentence));
  }
}
