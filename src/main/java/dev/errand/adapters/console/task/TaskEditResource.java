package dev.errand.adapters.console.task;

import dev.errand.adapters.console.frame.Console;
import dev.errand.adapters.console.frame.ConsoleLayout;
import dev.errand.adapters.console.frame.Visit;
import dev.errand.adapters.console.show.PagePaths;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.json.Json;
import dev.errand.runs.task.TaskRegistration;
import dev.errand.runs.task.TaskService;
import dev.errand.runs.task.settings.TaskView;
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
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestResponse;

/** The pages with the form of a task: for a new one, and for one that is there. */
@Path("/console/{user}/{profile}")
@Produces(MediaType.TEXT_HTML)
@RunOnVirtualThread
public class TaskEditResource {
  private static final String CURRENT = TaskPageResource.CURRENT;

  private final Console console;
  private final TaskService tasks;
  private final TaskForm forms;
  private final Json json;

  TaskEditResource(Console console, TaskService tasks, TaskForm forms, Json json) {
    this.console = console;
    this.tasks = tasks;
    this.forms = forms;
    this.json = json;
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
    Visit visit = console.visit(user, profile, CURRENT);
    checkEditor(visit);
    return console.answer(visit, Templates.taskForm(visit.layout(), forms.empty()));
  }

  /** Registers a task. */
  @POST
  @Path("new-task")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public RestResponse<String> create(
      @RestPath String user,
      @RestPath String profile,
      MultivaluedMap<String, String> sent,
      @Context UriInfo uri) {
    Visit visit = console.change(user, profile, CURRENT, sent.getFirst("ticket"));
    checkEditor(visit);
    String name = sent.getFirst("name") == null ? "" : sent.getFirst("name").strip();
    try {
      tasks.create(
          visit.caller(),
          visit.profile(),
          name,
          json.request(forms.registration(sent), TaskRegistration.class));
    } catch (ApiException e) {
      return refused(visit, e, forms.refused(sent, null, String.valueOf(e.getMessage())));
    }
    return console.redirect(PagePaths.task(visit.layout().home(), name), uri);
  }

  /** The form of a task. */
  @GET
  @Path("tasks/{task}/edit")
  public RestResponse<String> edit(
      @RestPath String user, @RestPath String profile, @RestPath String task) {
    Visit visit = console.visit(user, profile, CURRENT);
    checkEditor(visit);
    TaskView found = tasks.get(visit.caller(), visit.profile(), task);
    return console.answer(visit, Templates.taskForm(visit.layout(), forms.of(found)));
  }

  /** Changes a task. */
  @POST
  @Path("tasks/{task}/edit")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public RestResponse<String> change(
      @RestPath String user,
      @RestPath String profile,
      @RestPath String task,
      MultivaluedMap<String, String> sent,
      @Context UriInfo uri) {
    Visit visit = console.change(user, profile, CURRENT, sent.getFirst("ticket"));
    checkEditor(visit);
    TaskView found = tasks.get(visit.caller(), visit.profile(), task);
    try {
      tasks.patch(
          visit.caller(), visit.profile(), task, forms.patch(sent, found), uri.getBaseUri());
    } catch (ApiException e) {
      return refused(visit, e, forms.refused(sent, found, String.valueOf(e.getMessage())));
    }
    return console.redirect(PagePaths.task(visit.layout().home(), task), uri);
  }

  private RestResponse<String> refused(Visit visit, ApiException refusal, TaskFormView form) {
    return console.answer(refusal.code().status(), visit, Templates.taskForm(visit.layout(), form));
  }

  // The services check it as well; who may not gets no form to fill in first.
  private static void checkEditor(Visit visit) {
    if (!visit.layout().mayEdit()) {
      throw new ApiException(
          ErrorCode.ROLE_MISSING,
          "Tasks of %s are changed by its editors: ask an owner of the profile for that role."
              .formatted(visit.profile()));
    }
  }
}
