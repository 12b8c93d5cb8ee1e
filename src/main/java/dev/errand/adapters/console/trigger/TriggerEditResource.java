package dev.errand.adapters.console.trigger;

import dev.errand.adapters.console.page.Console;
import dev.errand.adapters.console.page.ConsoleLayout;
import dev.errand.adapters.console.page.PagePaths;
import dev.errand.adapters.console.page.PageRequest;
import dev.errand.adapters.console.page.Refusal;
import dev.errand.automation.trigger.TriggerService;
import dev.errand.automation.trigger.TriggerView;
import dev.errand.base.error.ApiException;
import dev.errand.runs.task.TaskService;
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
import java.util.List;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** The pages with the form of a trigger: for a new one, and for an existing one. */
@Path("/console/{user}/{profile}")
@Produces(MediaType.TEXT_HTML)
@RunOnVirtualThread
public class TriggerEditResource {
  private static final String CURRENT = TriggerListResource.CURRENT;
  private static final int MOST_TASKS = 500;

  private final Console console;
  private final TaskService tasks;
  private final TriggerService triggers;
  private final TriggerPageViews views;

  TriggerEditResource(
      Console console, TaskService tasks, TriggerService triggers, TriggerPageViews views) {
    this.console = console;
    this.tasks = tasks;
    this.triggers = triggers;
    this.views = views;
  }

  @CheckedTemplate(basePath = "console")
  static final class Templates {
    private Templates() {}

    static native TemplateInstance triggerForm(ConsoleLayout layout, TriggerFormView form);
  }

  /**
   * The form of a new trigger.
   *
   * @param task the task that it is for; null to choose one
   */
  @GET
  @Path("new-trigger")
  public RestResponse<String> ask(
      @RestPath String user, @RestPath String profile, @RestQuery @Nullable String task) {
    PageRequest visit = console.visit(user, profile, CURRENT);
    visit.requireEditor("Triggers");
    TriggerFormView form = TriggerForm.empty(tasks(visit), task == null ? "" : task);
    return console.answer(visit, Templates.triggerForm(visit.layout(), form));
  }

  /** Creates a trigger, and shows its address and its secret, which are only shown now. */
  @POST
  @Path("new-trigger")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public RestResponse<String> create(
      @RestPath String user,
      @RestPath String profile,
      MultivaluedMap<String, String> sent,
      @Context UriInfo uri) {
    PageRequest visit = console.change(user, profile, CURRENT, sent.getFirst("ticket"));
    visit.requireEditor("Triggers");
    String task = TriggerForm.given(sent, "task");
    try {
      TriggerView made =
          triggers
              .create(
                  visit.caller(),
                  visit.profile(),
                  task,
                  TriggerForm.request(sent, null),
                  uri.getBaseUri())
              .trigger();
      return shown(visit, task, made);
    } catch (ApiException e) {
      return refused(visit, e, TriggerForm.refused(sent, tasks(visit), task, null, message(e)));
    }
  }

  /** The form of a trigger. */
  @GET
  @Path("tasks/{task}/triggers/{trigger}/edit")
  public RestResponse<String> edit(
      @RestPath String user,
      @RestPath String profile,
      @RestPath String task,
      @RestPath String trigger,
      @Context UriInfo uri) {
    PageRequest visit = console.visit(user, profile, CURRENT);
    visit.requireEditor("Triggers");
    TriggerView found =
        triggers.look(visit.caller(), visit.profile(), task, trigger, uri.getBaseUri());
    return console.answer(
        visit, Templates.triggerForm(visit.layout(), TriggerForm.of(task, found)));
  }

  /** Changes a trigger; a new secret is shown once. */
  @POST
  @Path("tasks/{task}/triggers/{trigger}/edit")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public RestResponse<String> change(
      @RestPath String user,
      @RestPath String profile,
      @RestPath String task,
      @RestPath String trigger,
      MultivaluedMap<String, String> sent,
      @Context UriInfo uri) {
    PageRequest visit = console.change(user, profile, CURRENT, sent.getFirst("ticket"));
    visit.requireEditor("Triggers");
    TriggerView known =
        triggers.look(visit.caller(), visit.profile(), task, trigger, uri.getBaseUri());
    TriggerView changed;
    try {
      changed =
          triggers
              .put(
                  visit.caller(),
                  visit.profile(),
                  task,
                  trigger,
                  TriggerForm.request(sent, known),
                  uri.getBaseUri())
              .trigger();
    } catch (ApiException e) {
      return refused(visit, e, TriggerForm.refused(sent, List.of(), task, known, message(e)));
    }
    return changed.secrets().isEmpty()
        ? console.redirect(PagePaths.trigger(visit.layout().home(), task, trigger), uri)
        : shown(visit, task, changed);
  }

  private RestResponse<String> shown(PageRequest visit, String task, TriggerView trigger) {
    return console.answer(
        visit,
        TriggerPageResource.Templates.trigger(
            visit.layout(), views.of(visit, task, trigger, 0, null)));
  }

  private RestResponse<String> refused(PageRequest visit, ApiException e, TriggerFormView form) {
    return console.answer(e.code().status(), visit, Templates.triggerForm(visit.layout(), form));
  }

  private static String message(ApiException e) {
    return Refusal.of(e);
  }

  private List<String> tasks(PageRequest visit) {
    return tasks.list(visit.caller(), visit.profile(), "", MOST_TASKS).stream()
        .map(TaskView::name)
        .toList();
  }
}
