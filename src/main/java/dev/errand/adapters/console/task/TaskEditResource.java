package dev.errand.adapters.console.task;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.adapters.console.page.Choice;
import dev.errand.adapters.console.page.Excerpt;
import dev.errand.adapters.console.page.PagePaths;
import dev.errand.adapters.console.page.PageRequest;
import dev.errand.adapters.console.page.Refusal;
import dev.errand.adapters.console.page.RunLines;
import dev.errand.adapters.console.page.SentForm;
import dev.errand.adapters.console.task.TaskFormView.TrialRun;
import dev.errand.base.error.ApiException;
import dev.errand.base.json.Json;
import dev.errand.runs.lifecycle.Preview;
import dev.errand.runs.lifecycle.PreviewService;
import dev.errand.runs.lifecycle.RunService;
import dev.errand.runs.provider.ProviderService;
import dev.errand.runs.provider.ProviderView;
import dev.errand.runs.queue.Run;
import dev.errand.runs.task.Callback;
import dev.errand.runs.task.TaskService;
import dev.errand.runs.task.TaskService.Registering;
import dev.errand.runs.task.TaskView;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** The pages with the form of a task: for a new one, and for an existing one. */
@Path("/console/{user}/{profile}")
@Produces(MediaType.TEXT_HTML)
@RunOnVirtualThread
public class TaskEditResource {
  private static final String CURRENT = TaskPageResource.CURRENT;
  private static final String SHOW = "show";
  private static final String THEN = "then";
  private static final int MOST_OUTPUT = 8000;
  private static final String KEY_AGAIN =
      "Enter the key again: it is never sent back to the browser.";
  private static final String OUTDATED =
      "This task was changed after you opened the form, and nothing is saved yet. Its page, linked"
          + " above, shows the current state. Save again to replace it.";

  private final TaskService tasks;
  private final RunService runs;
  private final PreviewService previews;
  private final ProviderService providers;
  private final TaskForm forms;
  private final RunForm runForms;
  private final RunLines lines;
  private final Json json;

  TaskEditResource(
      TaskService tasks,
      RunService runs,
      PreviewService previews,
      ProviderService providers,
      TaskForm forms,
      RunForm runForms,
      RunLines lines,
      Json json) {
    this.tasks = tasks;
    this.runs = runs;
    this.previews = previews;
    this.providers = providers;
    this.forms = forms;
    this.runForms = runForms;
    this.lines = lines;
    this.json = json;
  }

  /** The form of a new task. */
  @GET
  @Path("new-task")
  public RestResponse<String> ask(PageRequest page) {
    page.requireEditor("Tasks");
    return answer(200, page, form(page, null, TaskForm.empty(), null));
  }

  /** Registers a task, or shows a preview of it. */
  @POST
  @Path("new-task")
  public RestResponse<String> create(PageRequest page) {
    SentForm sent = page.form();
    page.requireEditor("Tasks");
    return sent(page, null, sent);
  }

  /**
   * The form of a task.
   *
   * @param run a run that was started to try it, to be shown beside the form; null for none
   */
  @GET
  @Path("tasks/{task}/edit")
  public RestResponse<String> edit(
      PageRequest page, @RestPath String task, @RestQuery @Nullable String run) {
    page.requireEditor("Tasks");
    TaskView known = tasks.get(page.caller(), page.profile(), task);
    TaskFormView form = form(page, known, forms.of(known), null);
    return answer(200, page, run == null ? form : tried(page, form, known, run));
  }

  /** Changes a task, or shows a preview of the change. */
  @POST
  @Path("tasks/{task}/edit")
  public RestResponse<String> change(PageRequest page, @RestPath String task) {
    SentForm sent = page.form();
    page.requireEditor("Tasks");
    return sent(page, tasks.get(page.caller(), page.profile(), task), sent);
  }

  /**
   * Deletes a task.
   *
   * @param force whether its live runs are ended for it
   */
  @POST
  @Path("tasks/{task}/delete")
  public RestResponse<String> delete(
      PageRequest page, @RestPath String task, @RestForm @Nullable String force) {
    tasks.delete(page.caller(), page.profile(), task, force != null);
    return page.redirect(page.home() + "/tasks");
  }

  private RestResponse<String> sent(PageRequest page, @Nullable TaskView known, SentForm sent) {
    return switch (sent.value(SHOW)) {
      case "parameters" -> answer(200, page, form(page, known, sent, null));
      case "preview" -> answer(200, page, previewed(page, form(page, known, sent, null)));
      default -> {
        if (known != null && forms.isOutdated(sent, known)) {
          // A form that is sent once more has shown the warning.
          SentForm again = sent.with(TaskForm.VERSION, forms.version(known));
          yield refused(RestResponse.StatusCode.CONFLICT, page, known, again, OUTDATED);
        }
        Registering made;
        try {
          made = save(page, known, sent);
        } catch (ApiException e) {
          yield refused(e.code().status(), page, known, sent, Refusal.of(e));
        }
        yield "run".equals(sent.value(THEN)) ? tried(page, made, sent) : saved(page, made, sent);
      }
    };
  }

  private RestResponse<String> refused(
      int status, PageRequest page, @Nullable TaskView known, SentForm sent, String message) {
    String said =
        sent.value("key").isBlank()
            ? message
            : message + (message.endsWith(".") ? " " : ". ") + KEY_AGAIN;
    return answer(status, page, form(page, known, sent, said));
  }

  private Registering save(PageRequest page, @Nullable TaskView known, SentForm sent) {
    return known == null
        ? tasks.create(
            page.caller(),
            page.profile(),
            sent.text("name"),
            forms.registration(sent, null),
            page.service())
        : tasks.patch(
            page.caller(),
            page.profile(),
            known.name(),
            forms.changes(sent, known),
            page.service());
  }

  private RestResponse<String> saved(PageRequest page, Registering made, SentForm sent) {
    return hasSecrets(made)
        ? answer(200, page, saved(page, made, sent, null))
        : page.redirect(PagePaths.task(page.home(), made.task().name()));
  }

  private RestResponse<String> tried(PageRequest page, Registering made, SentForm sent) {
    String task = made.task().name();
    String run = runForms.newName();
    try {
      ObjectNode parameters = runForms.parameters(made.task(), sent);
      runs.start(page.caller(), page.profile(), task, run, () -> parameters);
    } catch (ApiException e) {
      String message = "The task is saved, but was not run: " + Refusal.of(e);
      return answer(e.code().status(), page, saved(page, made, sent, message));
    }
    if (hasSecrets(made)) {
      return answer(200, page, saved(page, made, sent, null));
    }
    // On a narrow screen, the run is below the form.
    return page.redirect(editing(page, task, run) + "#try-it");
  }

  // Only the answer to the form shows the created secrets.
  private static boolean hasSecrets(Registering made) {
    return made.callbacks().stream().anyMatch(callback -> callback.secret() != null);
  }

  private static String editing(PageRequest page, String task, String run) {
    return PagePaths.task(page.home(), task) + "/edit?run=" + PagePaths.encoded(run);
  }

  private static RestResponse<String> answer(int status, PageRequest page, TaskFormView form) {
    return page.answer(status, CURRENT, TaskTemplates.taskForm(form));
  }

  private TaskFormView form(
      PageRequest page, @Nullable TaskView task, SentForm fields, @Nullable String message) {
    return form(page, task, fields, message, List.of(), fields);
  }

  /** The form of a task that has just been saved, when there is a message or a secret to show. */
  private TaskFormView saved(
      PageRequest page, Registering made, SentForm sent, @Nullable String message) {
    List<Callback> secrets =
        made.callbacks().stream().filter(callback -> callback.secret() != null).toList();
    return form(page, made.task(), forms.of(made.task()), message, secrets, sent);
  }

  private TaskFormView form(
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
        choices(page, fields.text(TaskForm.PROVIDER)),
        secrets,
        runForm(fields, parameters, null),
        null,
        null);
  }

  private RunFormView runForm(SentForm fields, SentForm parameters, @Nullable String message) {
    return runForms.draft(
        fields.value(TaskForm.PROMPT), fields.value(TaskForm.SYSTEM), parameters, message);
  }

  /** The form with what a run of the task would begin with. */
  private TaskFormView previewed(PageRequest page, TaskFormView form) {
    SentForm sent = form.sent();
    try {
      Preview preview =
          previews.draft(
              page.caller(),
              page.profile(),
              // A user who tries a prompt may not have chosen a name yet.
              form.name().isBlank() ? "new" : form.name().strip(),
              forms.registration(sent, form.task()),
              runForms.parameters(sent.value(TaskForm.PROMPT), sent.value(TaskForm.SYSTEM), sent));
      return form.with(TaskPreviewView.of(preview, json));
    } catch (ApiException e) {
      return form.with(runForm(sent, sent, Refusal.of(e)), null);
    }
  }

  /** The form of a task with a run that was started to try it. */
  private TaskFormView tried(PageRequest page, TaskFormView form, TaskView task, String name) {
    Run run =
        runs.get(page.caller(), page.profile(), task.name(), name, RunService.Entries.NONE).run();
    String output = run.output();
    return form.with(
        runForms.filled(task, run.parameters()),
        new TrialRun(
            lines.of(run, task.name(), page.home()),
            !run.status().isEnd(),
            run.errorMessage(),
            output == null ? null : Excerpt.of(output, MOST_OUTPUT),
            editing(page, task.name(), run.name())));
  }

  /** The providers that a task may name, and the one that it names. */
  private List<Choice> choices(PageRequest page, String chosen) {
    boolean isOwn = page.caller().username().equals(page.profile().user());
    Stream<ProviderView> all =
        Stream.concat(
            isOwn ? providers.list(page.caller(), null).stream() : Stream.empty(),
            providers.list(page.caller(), page.profile()).stream());
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
