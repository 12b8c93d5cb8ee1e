package dev.errand.adapters.console.task;

import dev.errand.adapters.console.page.Excerpt;
import dev.errand.adapters.console.page.PageRequest;
import dev.errand.adapters.console.page.RunLines;
import dev.errand.adapters.console.page.RunnerForms;
import dev.errand.adapters.console.page.SentForm;
import dev.errand.adapters.console.task.TaskFormView.ProviderChoice;
import dev.errand.adapters.console.task.TaskFormView.TrialRun;
import dev.errand.base.error.ApiException;
import dev.errand.base.http.PublicUrl;
import dev.errand.base.json.Json;
import dev.errand.identity.page.PagePaths;
import dev.errand.runs.lifecycle.Preview;
import dev.errand.runs.lifecycle.PreviewService;
import dev.errand.runs.lifecycle.RunService;
import dev.errand.runs.queue.Run;
import dev.errand.runs.task.Callback;
import dev.errand.runs.task.TaskService.Registering;
import dev.errand.runs.task.TaskView;
import dev.errand.tools.mcp.wire.VisibleText;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Builds the form of a task, with the preview and the run that are shown beside it. */
@ApplicationScoped
class TaskFormViews {
  private static final int MOST_OUTPUT = 8000;

  private final RunService runs;
  private final PreviewService previews;
  private final TaskFormChoices choices;
  private final TaskFormReader forms;
  private final RunFormReader runForms;
  private final RunLines lines;
  private final Json json;

  TaskFormViews(
      RunService runs,
      PreviewService previews,
      TaskFormChoices choices,
      TaskFormReader forms,
      RunFormReader runForms,
      RunLines lines,
      Json json) {
    this.runs = runs;
    this.previews = previews;
    this.choices = choices;
    this.forms = forms;
    this.runForms = runForms;
    this.lines = lines;
    this.json = json;
  }

  /**
   * The form of a task.
   *
   * @param task the present task; null for a new one
   * @param message why it was refused; null where it was not
   */
  TaskFormView of(
      PageRequest page, @Nullable TaskView task, SentForm fields, @Nullable String message) {
    return of(page, task, fields, message, List.of(), fields);
  }

  /** The form of a task that has just been saved, when there is a message or a secret to show. */
  TaskFormView saved(PageRequest page, Registering made, SentForm sent, @Nullable String message) {
    List<Callback> secrets =
        made.callbacks().stream().filter(callback -> callback.secret() != null).toList();
    return of(page, made.task(), forms.of(made.task()), message, secrets, sent);
  }

  private TaskFormView of(
      PageRequest page,
      @Nullable TaskView task,
      SentForm fields,
      @Nullable String message,
      List<Callback> secrets,
      SentForm parameters) {
    return new TaskFormView(
        page.home(),
        task,
        fields,
        message,
        choices.providers(page, fields.text(TaskFormReader.PROVIDER)),
        forms.runners(fields, task),
        choices.tools(page, fields),
        secrets,
        runForm(fields, parameters, null),
        null,
        null);
  }

  private RunFormView runForm(SentForm fields, SentForm parameters, @Nullable String message) {
    return runForms.draft(
        fields.value(TaskFormReader.PROMPT),
        fields.value(TaskFormReader.SYSTEM),
        parameters,
        message);
  }

  /** The form with what a run of the task would begin with. */
  TaskFormView previewed(PageRequest page, TaskFormView form) {
    SentForm sent = form.sent();
    try {
      Preview preview =
          previews.draft(
              page.caller(),
              page.profile(),
              // A user who tries a prompt may not have chosen a name yet.
              form.name().isBlank() ? "new" : form.name().strip(),
              forms.registration(sent, form.task()),
              runForms.parameters(
                  sent.value(TaskFormReader.PROMPT), sent.value(TaskFormReader.SYSTEM), sent));
      return form.with(TaskPreviewView.of(preview, json));
    } catch (ApiException e) {
      return form.with(runForm(sent, sent, forms.refusal(e)), null);
    }
  }

  /** The form of a task with a run that was started to try it. */
  TaskFormView tried(PageRequest page, TaskFormView form, TaskView task, String name) {
    Run run = runs.getBriefly(page.caller(), page.profile(), task.name(), name);
    String output = run.output();
    return form.with(
        runForms.filled(task, run.parameters()),
        new TrialRun(
            lines.of(run, task.name(), page.home()),
            !run.status().isEnd(),
            run.errorMessage(),
            output == null ? null : Excerpt.of(VisibleText.ofProse(output), MOST_OUTPUT),
            editing(page, task.name(), run.name())));
  }

  /**
   * A form as it was sent, with the runner of the provider that it names.
   *
   * @param task the present task; null for a new one
   */
  SentForm resolved(PageRequest page, @Nullable TaskView task, SentForm sent) {
    String provider = sent.text(TaskFormReader.PROVIDER);
    if (!provider.isEmpty()) {
      for (ProviderChoice choice : choices.providers(page, provider)) {
        if (choice.chosen() && !choice.runner().isEmpty()) {
          return sent.with(RunnerForms.RUNNER, choice.runner());
        }
      }
    }
    return task == null || sent.has(RunnerForms.RUNNER)
        ? sent
        : sent.with(RunnerForms.RUNNER, task.runner());
  }

  /** The address of the form with a run of the task beside it. */
  static String editing(PageRequest page, String task, String run) {
    return PagePaths.task(page.home(), task) + "/edit?run=" + PublicUrl.encoded(run);
  }
}
