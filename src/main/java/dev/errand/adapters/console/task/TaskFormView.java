package dev.errand.adapters.console.task;

import dev.errand.adapters.console.page.FormField;
import dev.errand.adapters.console.page.RunLine;
import dev.errand.adapters.console.page.RunnerFields;
import dev.errand.adapters.console.page.SentForm;
import dev.errand.identity.page.PagePaths;
import dev.errand.runs.task.Callback;
import dev.errand.runs.task.TaskView;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The form that registers or changes a task, with its values, and beside it the parameters of its
 * prompt, what a run with them would begin with, and the run that was started to try it.
 *
 * @param home the address of the home of its profile
 * @param task the present task; null for a new one
 * @param sent its fields, as they were sent or as the unchanged form sends them
 * @param message why it was refused; null where it was not
 * @param providers the providers to choose from
 * @param runners the runners to choose from, with their own settings
 * @param tools the tools to choose from
 * @param made the callbacks whose secrets have just been created, which are only shown now
 * @param parameters a field for each parameter of the prompt as it stands in the form
 * @param preview what a run would begin with; null where that was not requested
 * @param trial the run that was started; null for none
 */
public record TaskFormView(
    String home,
    @Nullable TaskView task,
    SentForm sent,
    @Nullable String message,
    List<ProviderChoice> providers,
    List<RunnerFields> runners,
    ToolFields tools,
    List<Callback> made,
    RunFormView parameters,
    @Nullable TaskPreviewView preview,
    @Nullable TrialRun trial) {

  /**
   * A provider that a task may name.
   *
   * @param slug its name in tasks; empty for none
   * @param runner its runner, which is that of the task, too; empty for none or an unknown one
   */
  public record ProviderChoice(String slug, String text, String runner, boolean chosen) {}

  /**
   * A run that was started to try the task.
   *
   * @param isLive whether it has not ended
   * @param error why it failed; null where it did not
   * @param output its last message, or the beginning of it; null if it has none
   * @param here the address of the form with this run beside it
   */
  public record TrialRun(
      RunLine line, boolean isLive, @Nullable String error, @Nullable String output, String here) {}

  /** Whether it registers a task. */
  public boolean isNew() {
    return task == null;
  }

  /** The name of the task; for a new one, as far as it has been entered. */
  public String name() {
    return task == null ? sent.value("name") : task.name();
  }

  /** Where it is sent to. */
  public String action() {
    return task == null ? home + "/new-task" : PagePaths.task(home, task.name()) + "/edit";
  }

  /** The address of the form of a task that is registered, with the run that is shown beside it. */
  public String here() {
    return trial == null ? action() : trial.here();
  }

  /** The end of the task's own key; null where it has none. */
  public @Nullable String keyHint() {
    return task == null ? null : task.settings().keyHint();
  }

  /** A field of its settings, by its name in requests. */
  public FormField field(String name) {
    return new FormField(
        name, TaskFormReader.DECLARED.find(name).orElseThrow(), sent.value(name), List.of());
  }

  /** Whether anything is expected of the task over time. */
  public boolean isWatched() {
    return TaskFormReader.WATCH.stream().anyMatch(field -> !sent.text(field).isEmpty());
  }

  /** Whether it says anything of calls that wait for a person. */
  public boolean isAsking() {
    return Stream.of(ApprovalFields.RULES, TaskFormReader.APPROVAL_DEADLINE, ApprovalFields.EXPIRY)
        .anyMatch(field -> !sent.text(field).isEmpty());
  }

  /** Its callbacks, and an empty one as long as there may be more. */
  public List<CallbackFields> callbacks() {
    return CallbackFields.of(sent);
  }

  /** The same with a preview. */
  TaskFormView with(TaskPreviewView shown) {
    return new TaskFormView(
        home, task, sent, message, providers, runners, tools, made, parameters, shown, null);
  }

  /** The same with other parameters, and the run that was started with them. */
  TaskFormView with(RunFormView others, @Nullable TrialRun started) {
    return new TaskFormView(
        home, task, sent, message, providers, runners, tools, made, others, null, started);
  }
}
