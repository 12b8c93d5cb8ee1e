package dev.errand.adapters.console.trigger;

import dev.errand.adapters.console.page.PagePaths;
import dev.errand.adapters.console.page.PageRequest;
import dev.errand.adapters.console.page.Refusal;
import dev.errand.automation.trigger.TriggerService;
import dev.errand.automation.trigger.TriggerView;
import dev.errand.base.error.ApiException;
import dev.errand.runs.task.TaskService;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
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

  private final TaskService tasks;
  private final TriggerService triggers;
  private final TriggerPageViews views;

  TriggerEditResource(TaskService tasks, TriggerService triggers, TriggerPageViews views) {
    this.tasks = tasks;
    this.triggers = triggers;
    this.views = views;
  }

  /**
   * The form of a new trigger.
   *
   * @param task the task that it is for; null to choose one
   */
  @GET
  @Path("new-trigger")
  public RestResponse<String> ask(PageRequest page, @RestQuery @Nullable String task) {
    page.requireEditor("Triggers");
    TriggerFormView form =
        TriggerForm.empty(tasks.names(page.caller(), page.profile()), task == null ? "" : task);
    return page.answer(CURRENT, TriggerTemplates.triggerForm(form));
  }

  /** Creates a trigger, and shows its address and its secret, which are only shown now. */
  @POST
  @Path("new-trigger")
  public RestResponse<String> create(PageRequest page) {
    MultivaluedMap<String, String> sent = page.form();
    page.requireEditor("Triggers");
    String task = TriggerForm.given(sent, "task");
    try {
      TriggerView made =
          triggers
              .create(
                  page.caller(),
                  page.profile(),
                  task,
                  TriggerForm.request(sent, null),
                  page.service())
              .trigger();
      return shown(page, task, made);
    } catch (ApiException e) {
      return refused(
          page,
          e,
          TriggerForm.refused(
              sent, tasks.names(page.caller(), page.profile()), task, null, message(e)));
    }
  }

  /** The form of a trigger. */
  @GET
  @Path("tasks/{task}/triggers/{trigger}/edit")
  public RestResponse<String> edit(
      PageRequest page, @RestPath String task, @RestPath String trigger) {
    page.requireEditor("Triggers");
    TriggerView found = triggers.look(page.caller(), page.profile(), task, trigger, page.service());
    return page.answer(CURRENT, TriggerTemplates.triggerForm(TriggerForm.of(task, found)));
  }

  /** Changes a trigger; a new secret is shown once. */
  @POST
  @Path("tasks/{task}/triggers/{trigger}/edit")
  public RestResponse<String> change(
      PageRequest page, @RestPath String task, @RestPath String trigger) {
    MultivaluedMap<String, String> sent = page.form();
    page.requireEditor("Triggers");
    TriggerView known = triggers.look(page.caller(), page.profile(), task, trigger, page.service());
    TriggerView changed;
    try {
      changed =
          triggers
              .put(
                  page.caller(),
                  page.profile(),
                  task,
                  trigger,
                  TriggerForm.request(sent, known),
                  page.service())
              .trigger();
    } catch (ApiException e) {
      return refused(page, e, TriggerForm.refused(sent, List.of(), task, known, message(e)));
    }
    return changed.secrets().isEmpty()
        ? page.redirect(PagePaths.trigger(page.home(), task, trigger))
        : shown(page, task, changed);
  }

  private RestResponse<String> shown(PageRequest page, String task, TriggerView trigger) {
    return page.answer(CURRENT, TriggerTemplates.trigger(views.of(page, task, trigger, 0, null)));
  }

  private RestResponse<String> refused(PageRequest page, ApiException e, TriggerFormView form) {
    return page.answer(e.code().status(), CURRENT, TriggerTemplates.triggerForm(form));
  }

  private static String message(ApiException e) {
    return Refusal.of(e);
  }
}
