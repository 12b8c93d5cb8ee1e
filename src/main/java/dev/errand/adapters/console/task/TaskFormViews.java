package dev.errand.adapters.console.task;

import dev.errand.adapters.console.page.Choice;
import dev.errand.adapters.console.page.Excerpt;
import dev.errand.adapters.console.page.PagePaths;
import dev.errand.adapters.console.page.PageRequest;
import dev.errand.adapters.console.page.Refusal;
import dev.errand.adapters.console.page.RunLines;
import dev.errand.adapters.console.task.TaskFormView.Fields;
import dev.errand.adapters.console.task.TaskTrialView.TrialRun;
import dev.errand.base.error.ApiException;
import dev.errand.runs.lifecycle.PreviewService;
import dev.errand.runs.lifecycle.RunService;
import dev.errand.runs.provider.ProviderService;
import dev.errand.runs.provider.ProviderView;
import dev.errand.runs.queue.Run;
import dev.errand.runs.task.Callback;
import dev.errand.runs.task.TaskService.Registering;
import dev.errand.runs.task.TaskView;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.MultivaluedHashMap;
import jakarta.ws.rs.core.MultivaluedMap;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Builds the view of the page with the form of a task. */
@ApplicationScoped
class TaskFormViews {
  private static final int MOST_OUTPUT = 8000;
  private static final String KEY_AGAIN =
      "Enter the key again: it is never sent back to the browser.";

  private final TaskForm forms;
  private final RunForm runForms;
  private final ProviderService providers;
  private final PreviewService previews;
  private final TaskPreviewViews previewViews;
  private final RunService runs;
  private final RunLines lines;

  TaskFormViews(
      TaskForm forms,
      RunForm runForms,
      ProviderService providers,
      PreviewService previews,
      TaskPreviewViews previewViews,
      RunService runs,
      RunLines lines) {
    this.forms = forms;
    this.runForms = runForms;
    this.providers = providers;
    this.previews = previews;
    this.previewViews = previewViews;
    this.runs = runs;
    this.lines = lines;
  }

  /** The form of a new task. */
  TaskFormView empty(PageRequest page) {
    Fields fields = TaskForm.empty();
    return new TaskFormView(
        true,
        action(page, null),
        null,
        "",
        fields,
        choices(page, ""),
        "",
        CallbackFields.of(List.of()),
        List.of(),
        trial(fields, new MultivaluedHashMap<>(), null));
  }

  /**
   * The form of a task as it is.
   *
   * @param run the name of a run that was started to try it; null for none
   */
  TaskFormView of(PageRequest page, TaskView task, @Nullable String run) {
    TaskFormView form = form(page, task, List.of(), null, new MultivaluedHashMap<>());
    if (run == null) {
      return form;
    }
    Run tried =
        runs.get(page.caller(), page.profile(), task.name(), run, RunService.Entries.NONE).run();
    return with(
        form,
        new TaskTrialView(
            runForms.filled(task, tried.parameters()), null, trialRun(page, task, tried)));
  }

  /** The form of a task that has just been saved, when there is a message or a secret to show. */
  TaskFormView saved(
      PageRequest page,
      Registering made,
      MultivaluedMap<String, String> sent,
      @Nullable String message) {
    List<Callback> secrets =
        made.callbacks().stream().filter(callback -> callback.secret() != null).toList();
    return form(page, made.task(), secrets, message, sent);
  }

  private TaskFormView form(
      PageRequest page,
      TaskView task,
      List<Callback> secrets,
      @Nullable String message,
      MultivaluedMap<String, String> sent) {
    Fields fields = forms.of(task);
    String keyHint = task.settings().keyHint();
    return new TaskFormView(
        false,
        action(page, task),
        message,
        forms.version(task),
        fields,
        choices(page, fields.provider()),
        keyHint == null ? "" : keyHint,
        CallbackFields.of(task.settings().bounds().callbacks()),
        secrets,
        trial(fields, sent, null));
  }

  /**
   * The form as it was sent.
   *
   * @param known the present task; null for a new one
   * @param message why it was refused; null where it was not
   */
  TaskFormView sent(
      PageRequest page,
      MultivaluedMap<String, String> sent,
      @Nullable TaskView known,
      @Nullable String message) {
    Fields fields = TaskForm.sent(sent, known);
    String keyHint = known == null ? null : known.settings().keyHint();
    return new TaskFormView(
        known == null,
        action(page, known),
        message == null || TaskForm.given(sent, "key").isBlank()
            ? message
            : message + (message.endsWith(".") ? " " : ". ") + KEY_AGAIN,
        TaskForm.given(sent, TaskForm.VERSION),
        fields,
        choices(page, fields.provider()),
        keyHint == null ? "" : keyHint,
        CallbackFields.of(sent),
        List.of(),
        trial(fields, sent, null));
  }

  /**
   * The form as it was sent, with what a run of the task would begin with.
   *
   * @param known the present task; null for a new one
   */
  TaskFormView previewed(
      PageRequest page, MultivaluedMap<String, String> sent, @Nullable TaskView known) {
    TaskFormView form = sent(page, sent, known, null);
    Fields fields = form.fields();
    try {
      TaskPreviewView preview =
          previewViews.of(
              form.action(),
              fields.name(),
              previews.draft(
                  page.caller(),
                  page.profile(),
                  // A user who tries a prompt may not have chosen a name yet.
                  fields.name().isBlank() ? "new" : fields.name().strip(),
                  forms.registration(sent, known),
                  runForms.parameters(fields.prompt(), fields.system(), sent)),
              sent);
      return with(form, new TaskTrialView(form.trial().form(), preview, null));
    } catch (ApiException e) {
      return with(form, trial(fields, sent, Refusal.of(e)));
    }
  }

  private static TaskFormView with(TaskFormView form, TaskTrialView trial) {
    return new TaskFormView(
        form.isNew(),
        form.action(),
        form.message(),
        form.version(),
        form.fields(),
        form.providers(),
        form.keyHint(),
        form.callbacks(),
        form.made(),
        trial);
  }

  private TaskTrialView trial(
      Fields fields, MultivaluedMap<String, String> sent, @Nullable String message) {
    return new TaskTrialView(
        runForms.draft(fields.prompt(), fields.system(), sent, message), null, null);
  }

  private TrialRun trialRun(PageRequest page, TaskView task, Run run) {
    String output = run.output();
    return new TrialRun(
        lines.of(run, task.name(), page.home()),
        !run.status().isEnd(),
        run.errorMessage(),
        output == null ? null : Excerpt.of(output, MOST_OUTPUT),
        action(page, task) + "?run=" + PagePaths.encoded(run.name()));
  }

  private static String action(PageRequest page, @Nullable TaskView task) {
    String home = page.home();
    return task == null ? home + "/new-task" : PagePaths.task(home, task.name()) + "/edit";
  }

  /** The providers that a task may name, and the one that it names. */
  private List<Choice> choices(PageRequest page, String chosen) {
    boolean isOwn = page.caller().username().equals(page.profile().user());
    List<ProviderView> all =
        Stream.concat(
                isOwn ? providers.list(page.caller(), null).stream() : Stream.<ProviderView>empty(),
                providers.list(page.caller(), page.profile()).stream())
            .toList();
    List<Choice> choices = new ArrayList<>();
    choices.add(new Choice("", "none: its own key", chosen.isEmpty()));
    all.forEach(
        provider ->
            choices.add(
                new Choice(
                    provider.slug(),
                    provider.slug() + " (" + provider.model().any().model() + ")",
                    provider.slug().equals(chosen))));
    if (choices.stream().noneMatch(Choice::chosen)) {
      choices.add(new Choice(chosen, chosen, true));
    }
    return choices;
  }
}
