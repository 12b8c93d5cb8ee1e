package dev.errand.adapters.console.task;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.adapters.console.page.PageRequest;
import dev.errand.adapters.console.page.Refusal;
import dev.errand.adapters.console.page.SentForm;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.identity.page.PagePaths;
import dev.errand.runs.lifecycle.RunService;
import dev.errand.runs.task.TaskService;
import dev.errand.runs.task.TaskService.Registering;
import dev.errand.runs.task.TaskView;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
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

  private final TaskService tasks;
  private final RunService runs;
  private final TaskFormReader forms;
  private final RunFormReader runForms;
  private final TaskFormViews views;

  TaskEditResource(
      TaskService tasks,
      RunService runs,
      TaskFormReader forms,
      RunFormReader runForms,
      TaskFormViews views) {
    this.tasks = tasks;
    this.runs = runs;
    this.forms = forms;
    this.runForms = runForms;
    this.views = views;
  }

  /** The form of a new task. */
  @GET
  @Path("new-task")
  public RestResponse<String> ask(PageRequest page) {
    page.requireEditor("Tasks");
    return answer(200, page, views.of(page, null, forms.empty(), null));
  }

  /** Registers a task, or shows a preview of it. */
  @POST
  @Path("new-task")
  public RestResponse<String> create(PageRequest page) {
    SentForm sent = page.form();
    page.requireEditor("Tasks");
    return sent(page, null, views.resolved(page, null, sent));
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
    TaskView known = page.showing(tasks.get(page.caller(), page.profile(), task));
    TaskFormView form = views.of(page, known, forms.of(known), null);
    return answer(200, page, run == null ? form : views.tried(page, form, known, run));
  }

  /** Changes a task, or shows a preview of the change. */
  @POST
  @Path("tasks/{task}/edit")
  public RestResponse<String> change(PageRequest page, @RestPath String task) {
    SentForm sent = page.form();
    page.requireEditor("Tasks");
    TaskView known = page.showing(tasks.get(page.caller(), page.profile(), task));
    return sent(page, known, views.resolved(page, known, sent));
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
      case "parameters" -> answer(200, page, views.of(page, known, sent, null));
      case "preview" -> answer(200, page, views.previewed(page, views.of(page, known, sent, null)));
      default -> {
        boolean isTried = "run".equals(sent.value(THEN));
        String unfilled = isTried ? views.of(page, known, sent, null).parameters().unfilled() : "";
        if (!unfilled.isEmpty()) {
          String message = "Nothing is saved or started yet: fill in " + unfilled + " to run it.";
          yield refused(ErrorCode.MISSING_PARAMETERS.status(), page, known, sent, message);
        }
        Registering made;
        try {
          made = save(page, known, sent);
        } catch (ApiException e) {
          yield refused(e.code().status(), page, known, sent, forms.refusal(e));
        }
        var _ = page.changed(made.task());
        yield isTried ? tried(page, made, sent) : saved(page, known, made, sent);
      }
    };
  }

  private RestResponse<String> refused(
      int status, PageRequest page, @Nullable TaskView known, SentForm sent, String message) {
    return answer(status, page, views.of(page, known, sent, Refusal.withSecrets(message, sent)));
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

  private RestResponse<String> saved(
      PageRequest page, @Nullable TaskView known, Registering made, SentForm sent) {
    String task = PagePaths.task(page.home(), made.task().name());
    return hasSecrets(made)
        ? answer(200, page, views.saved(page, made, sent, null))
        : page.redirect(known == null ? task + TaskPageResource.REGISTERED : task);
  }

  private RestResponse<String> tried(PageRequest page, Registering made, SentForm sent) {
    String task = made.task().name();
    String run = runForms.newName();
    try {
      ObjectNode parameters = runForms.parameters(made.task(), sent);
      runs.start(page.caller(), page.profile(), task, run, () -> parameters);
    } catch (ApiException e) {
      String message = "The task is saved, but was not run: " + Refusal.of(e);
      return answer(e.code().status(), page, views.saved(page, made, sent, message));
    }
    if (hasSecrets(made)) {
      TaskFormView saved = views.saved(page, made, sent, null);
      return answer(200, page, views.tried(page, saved, made.task(), run));
    }
    // On a narrow screen, the run is below the form.
    return page.redirect(TaskFormViews.editing(page, task, run) + "#try-it");
  }

  // Only the answer to the form shows the created secrets.
  private static boolean hasSecrets(Registering made) {
    return made.callbacks().stream().anyMatch(callback -> callback.secret() != null);
  }

  private static RestResponse<String> answer(int status, PageRequest page, TaskFormView form) {
    return page.answer(status, CURRENT, TaskTemplates.taskForm(form));
  }
}
