package dev.errand.adapters.console.task;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.adapters.console.page.PagePaths;
import dev.errand.adapters.console.page.PageRequest;
import dev.errand.adapters.console.page.Refusal;
import dev.errand.base.error.ApiException;
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
import jakarta.ws.rs.core.MultivaluedMap;
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
  private static final String OUTDATED =
      "This task was changed after you opened the form, and nothing is saved yet. Its page, linked"
          + " above, shows the current state. Save again to replace it.";

  private final TaskService tasks;
  private final RunService runs;
  private final TaskForm forms;
  private final RunForm runForms;
  private final TaskFormViews views;

  TaskEditResource(
      TaskService tasks, RunService runs, TaskForm forms, RunForm runForms, TaskFormViews views) {
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
    return page.answer(CURRENT, TaskTemplates.taskForm(views.empty(page)));
  }

  /** Registers a task, or shows a preview of it. */
  @POST
  @Path("new-task")
  public RestResponse<String> create(PageRequest page) {
    MultivaluedMap<String, String> sent = page.form();
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
    TaskView found = tasks.get(page.caller(), page.profile(), task);
    return page.answer(CURRENT, TaskTemplates.taskForm(views.of(page, found, run)));
  }

  /** Changes a task, or shows a preview of the change. */
  @POST
  @Path("tasks/{task}/edit")
  public RestResponse<String> change(PageRequest page, @RestPath String task) {
    MultivaluedMap<String, String> sent = page.form();
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

  private RestResponse<String> sent(
      PageRequest page, @Nullable TaskView known, MultivaluedMap<String, String> sent) {
    return switch (TaskForm.given(sent, SHOW)) {
      case "parameters" -> form(200, page, views.sent(page, sent, known, null));
      case "preview" -> form(200, page, views.previewed(page, sent, known));
      default -> {
        if (known != null && forms.isOutdated(sent, known)) {
          // A form that is sent once more has shown the warning.
          sent.putSingle(TaskForm.VERSION, forms.version(known));
          yield form(
              RestResponse.StatusCode.CONFLICT, page, views.sent(page, sent, known, OUTDATED));
        }
        Registering made;
        try {
          made = save(page, known, sent);
        } catch (ApiException e) {
          yield form(e.code().status(), page, views.sent(page, sent, known, Refusal.of(e)));
        }
        yield "run".equals(sent.getFirst(THEN)) ? tried(page, made, sent) : saved(page, made, sent);
      }
    };
  }

  private Registering save(
      PageRequest page, @Nullable TaskView known, MultivaluedMap<String, String> sent) {
    return known == null
        ? tasks.create(
            page.caller(),
            page.profile(),
            TaskForm.given(sent, "name").strip(),
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
      PageRequest page, Registering made, MultivaluedMap<String, String> sent) {
    // Only this answer shows the created secrets.
    return made.callbacks().stream().anyMatch(callback -> callback.secret() != null)
        ? form(200, page, views.saved(page, made, sent, null))
        : page.redirect(PagePaths.task(page.home(), made.task().name()));
  }

  private RestResponse<String> tried(
      PageRequest page, Registering made, MultivaluedMap<String, String> sent) {
    String task = made.task().name();
    String run = runForms.newName();
    try {
      ObjectNode parameters = runForms.parameters(made.task(), sent);
      runs.start(page.caller(), page.profile(), task, run, () -> parameters);
    } catch (ApiException e) {
      String message = "The task is saved, but was not run: " + Refusal.of(e);
      return form(e.code().status(), page, views.saved(page, made, sent, message));
    }
    if (made.callbacks().stream().anyMatch(callback -> callback.secret() != null)) {
      return form(200, page, views.saved(page, made, sent, null));
    }
    String edit = PagePaths.task(page.home(), task) + "/edit";
    // On a narrow screen, the run is below the form.
    return page.redirect(edit + "?run=" + PagePaths.encoded(run) + "#try-it");
  }

  private RestResponse<String> form(int status, PageRequest page, TaskFormView form) {
    return page.answer(status, CURRENT, TaskTemplates.taskForm(form));
  }
}
