package dev.errand.adapters.console.task;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.adapters.console.page.Console;
import dev.errand.adapters.console.page.ConsoleLayout;
import dev.errand.adapters.console.page.PagePaths;
import dev.errand.adapters.console.page.PageRequest;
import dev.errand.adapters.console.page.Refusal;
import dev.errand.base.error.ApiException;
import dev.errand.runs.lifecycle.RunService;
import dev.errand.runs.task.TaskService;
import dev.errand.runs.task.TaskService.Registering;
import dev.errand.runs.task.TaskView;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.UriInfo;
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

  private final Console console;
  private final TaskService tasks;
  private final RunService runs;
  private final TaskForm forms;
  private final RunForm runForms;
  private final TaskFormViews views;

  TaskEditResource(
      Console console,
      TaskService tasks,
      RunService runs,
      TaskForm forms,
      RunForm runForms,
      TaskFormViews views) {
    this.console = console;
    this.tasks = tasks;
    this.runs = runs;
    this.forms = forms;
    this.runForms = runForms;
    this.views = views;
  }

  @CheckedTemplate(basePath = "console")
  static final class Templates {
    private Templates() {}

    static native TemplateInstance taskForm(ConsoleLayout layout, TaskFormView form);
  }

  /** The form of a new task. */
  @GET
  @Path("new-task")
  public RestResponse<String> ask(@RestPath String user, @RestPath String profile) {
    PageRequest visit = console.visit(user, profile, CURRENT);
    visit.requireEditor("Tasks");
    return console.answer(visit, Templates.taskForm(visit.layout(), views.empty(visit)));
  }

  /** Registers a task, or shows a preview of it. */
  @POST
  @Path("new-task")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public RestResponse<String> create(
      @RestPath String user,
      @RestPath String profile,
      MultivaluedMap<String, String> sent,
      @Context UriInfo uri) {
    PageRequest visit = console.change(user, profile, CURRENT, sent.getFirst("ticket"));
    visit.requireEditor("Tasks");
    return sent(visit, null, sent, uri);
  }

  /**
   * The form of a task.
   *
   * @param run a run that was started to try it, to be shown beside the form; null for none
   */
  @GET
  @Path("tasks/{task}/edit")
  public RestResponse<String> edit(
      @RestPath String user,
      @RestPath String profile,
      @RestPath String task,
      @RestQuery @Nullable String run) {
    PageRequest visit = console.visit(user, profile, CURRENT);
    visit.requireEditor("Tasks");
    TaskView found = tasks.get(visit.caller(), visit.profile(), task);
    return console.answer(visit, Templates.taskForm(visit.layout(), views.of(visit, found, run)));
  }

  /** Changes a task, or shows a preview of the change. */
  @POST
  @Path("tasks/{task}/edit")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public RestResponse<String> change(
      @RestPath String user,
      @RestPath String profile,
      @RestPath String task,
      MultivaluedMap<String, String> sent,
      @Context UriInfo uri) {
    PageRequest visit = console.change(user, profile, CURRENT, sent.getFirst("ticket"));
    visit.requireEditor("Tasks");
    return sent(visit, tasks.get(visit.caller(), visit.profile(), task), sent, uri);
  }

  /**
   * Deletes a task.
   *
   * @param force whether its live runs are ended for it
   */
  @POST
  @Path("tasks/{task}/delete")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public RestResponse<String> delete(
      @RestPath String user,
      @RestPath String profile,
      @RestPath String task,
      @RestForm @Nullable String ticket,
      @RestForm @Nullable String force,
      @Context UriInfo uri) {
    PageRequest visit = console.change(user, profile, CURRENT, ticket);
    tasks.delete(visit.caller(), visit.profile(), task, force != null);
    return console.redirect(visit.layout().home() + "/tasks", uri);
  }

  private RestResponse<String> sent(
      PageRequest visit,
      @Nullable TaskView known,
      MultivaluedMap<String, String> sent,
      UriInfo uri) {
    return switch (TaskForm.given(sent, SHOW)) {
      case "parameters" -> form(200, visit, views.sent(visit, sent, known, null));
      case "preview" -> form(200, visit, views.previewed(visit, sent, known));
      default -> {
        if (known != null && forms.isOutdated(sent, known)) {
          // A form that is sent once more has shown the warning.
          sent.putSingle(TaskForm.VERSION, forms.version(known));
          yield form(
              RestResponse.StatusCode.CONFLICT, visit, views.sent(visit, sent, known, OUTDATED));
        }
        Registering made;
        try {
          made = save(visit, known, sent, uri);
        } catch (ApiException e) {
          yield form(e.code().status(), visit, views.sent(visit, sent, known, Refusal.of(e)));
        }
        yield "run".equals(sent.getFirst(THEN))
            ? tried(visit, made, sent, uri)
            : saved(visit, made, sent, uri);
      }
    };
  }

  private Registering save(
      PageRequest visit,
      @Nullable TaskView known,
      MultivaluedMap<String, String> sent,
      UriInfo uri) {
    return known == null
        ? tasks.create(
            visit.caller(),
            visit.profile(),
            TaskForm.given(sent, "name").strip(),
            forms.registration(sent, null),
            uri.getBaseUri())
        : tasks.patch(
            visit.caller(),
            visit.profile(),
            known.name(),
            forms.changes(sent, known),
            uri.getBaseUri());
  }

  private RestResponse<String> saved(
      PageRequest visit, Registering made, MultivaluedMap<String, String> sent, UriInfo uri) {
    // Only this answer shows the created secrets.
    return made.callbacks().stream().anyMatch(callback -> callback.secret() != null)
        ? form(200, visit, views.saved(visit, made, sent, null))
        : console.redirect(PagePaths.task(visit.layout().home(), made.task().name()), uri);
  }

  private RestResponse<String> tried(
      PageRequest visit, Registering made, MultivaluedMap<String, String> sent, UriInfo uri) {
    String task = made.task().name();
    String run = runForms.newName();
    try {
      ObjectNode parameters = runForms.parameters(made.task(), sent);
      runs.start(visit.caller(), visit.profile(), task, run, () -> parameters);
    } catch (ApiException e) {
      String message = "The task is saved, but was not run: " + Refusal.of(e);
      return form(e.code().status(), visit, views.saved(visit, made, sent, message));
    }
    if (made.callbacks().stream().anyMatch(callback -> callback.secret() != null)) {
      return form(200, visit, views.saved(visit, made, sent, null));
    }
    String edit = PagePaths.task(visit.layout().home(), task) + "/edit";
    // On a narrow screen, the run is below the form.
    return console.redirect(edit + "?run=" + PagePaths.encoded(run) + "#try-it", uri);
  }

  private RestResponse<String> form(int status, PageRequest visit, TaskFormView form) {
    return console.answer(status, visit, Templates.taskForm(visit.layout(), form));
  }
}
