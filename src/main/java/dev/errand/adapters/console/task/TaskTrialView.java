package dev.errand.adapters.console.task;

import dev.errand.adapters.console.page.RunLine;
import org.jspecify.annotations.Nullable;

/**
 * The data beside the form of a task: the parameters of its prompt, what a run with them would
 * begin with, and the run that was started to try it.
 *
 * @param form a field for each parameter of the prompt as it stands in the form
 * @param preview what a run would begin with; null where that was not requested
 * @param run the run that was started; null for none
 */
public record TaskTrialView(
    RunFormView form, @Nullable TaskPreviewView preview, @Nullable TrialRun run) {

  /**
   * A run that was started to try the task.
   *
   * @param isLive whether it has not ended
   * @param error why it failed; null where it did not
   * @param output its last message, or the beginning of it; null where there is none
   * @param here the address of the form with this run beside it
   */
  public record TrialRun(
      RunLine line, boolean isLive, @Nullable String error, @Nullable String output, String here) {}
}
