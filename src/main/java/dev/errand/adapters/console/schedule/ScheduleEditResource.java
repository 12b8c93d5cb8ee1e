package dev.errand.adapters.console.schedule;

import dev.errand.adapters.console.page.PagePaths;
import dev.errand.adapters.console.page.PageRequest;
import dev.errand.adapters.console.page.Refusal;
import dev.errand.adapters.console.task.RunForm;
import dev.errand.automation.schedule.Schedule;
import dev.errand.automation.schedule.SchedulePreviews;
import dev.errand.automation.schedule.ScheduleService;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.runs.task.TaskService;
import io.smallrye.common.annotation.RunOnVirtualThread;
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

/** The pages with the form of a schedule: for a new one, and for an existing one. */
@Path("/console/{user}/{profile}")
@Produces(MediaType.TEXT_HTML)
@RunOnVirtualThread
public class ScheduleEditResource {
  private static final String CURRENT = ScheduleListResource.CURRENT;
  // The name of the button that only shows the meaning of the rule.
  private static final String PREVIEW = "preview";

  private final TaskService tasks;
  private final ScheduleService schedules;
  private final SchedulePreviews previews;
  private final ScheduleForm forms;
  private final RunForm parameters;

  ScheduleEditResource(
      TaskService tasks,
      ScheduleService schedules,
      SchedulePreviews previews,
      ScheduleForm forms,
      RunForm parameters) {
    this.tasks = tasks;
    this.schedules = schedules;
    this.previews = previews;
    this.forms = forms;
    this.parameters = parameters;
  }

  /**
   * The form of a new schedule.
   *
   * @param task the task that it is for; null to choose one
   */
  @GET
  @Path("new-schedule")
  public RestResponse<String> ask(PageRequest page, @RestQuery @Nullable String task) {
    page.requireEditor("Schedules");
    String needed =
        task == null ? "" : parameters.needed(tasks.get(page.caller(), page.profile(), task));
    return page.answer(
        CURRENT,
        ScheduleTemplates.scheduleForm(
            forms.empty(
                tasks.names(page.caller(), page.profile()), task == null ? "" : task, needed)));
  }

  /** Registers a schedule, or shows the meaning of its rule. */
  @POST
  @Path("new-schedule")
  public RestResponse<String> create(PageRequest page) {
    MultivaluedMap<String, String> sent = page.form();
    page.requireEditor("Schedules");
    String task = ScheduleForm.given(sent, "task");
    String name = ScheduleForm.given(sent, "name");
    if (sent.containsKey(PREVIEW)) {
      return shown(
          page,
          200,
          sent,
          tasks.names(page.caller(), page.profile()),
          task,
          name,
          null,
          preview(page, sent, null, ""));
    }
    try {
      checkFree(page, task, name);
      var _ =
          schedules.register(page.caller(), page.profile(), task, name, forms.request(sent, null));
    } catch (ApiException e) {
      return shown(
          page,
          e.code().status(),
          sent,
          tasks.names(page.caller(), page.profile()),
          task,
          name,
          Refusal.of(e),
          null);
    }
    return page.redirect(PagePaths.schedule(page.home(), task, name));
  }

  /** The form of a schedule. */
  @GET
  @Path("tasks/{task}/schedules/{schedule}/edit")
  public RestResponse<String> edit(
      PageRequest page, @RestPath String task, @RestPath String schedule) {
    page.requireEditor("Schedules");
    return page.answer(
        CURRENT, ScheduleTemplates.scheduleForm(forms.of(task, known(page, task, schedule))));
  }

  /** Changes a schedule, or shows the meaning of the changed rule. */
  @POST
  @Path("tasks/{task}/schedules/{schedule}/edit")
  public RestResponse<String> change(
      PageRequest page, @RestPath String task, @RestPath String schedule) {
    MultivaluedMap<String, String> sent = page.form();
    page.requireEditor("Schedules");
    Schedule known = known(page, task, schedule);
    if (sent.containsKey(PREVIEW)) {
      return shown(
          page, 200, sent, List.of(), task, schedule, null, preview(page, sent, known, task));
    }
    try {
      var _ =
          schedules.register(
              page.caller(), page.profile(), task, schedule, forms.request(sent, known));
    } catch (ApiException e) {
      return shown(page, e.code().status(), sent, List.of(), task, schedule, Refusal.of(e), null);
    }
    return page.redirect(PagePaths.schedule(page.home(), task, schedule));
  }

  /**
   * The part of the form that shows the meaning of the rule while it is filled in.
   *
   * @param task the task of the schedule that is changed; null for a new one
   * @param schedule that schedule; null for a new one
   */
  @GET
  @Path("schedule-preview")
  public RestResponse<String> preview(
      PageRequest page,
      @RestQuery @Nullable String task,
      @RestQuery @Nullable String schedule,
      @Context UriInfo uri) {
    Schedule known = task == null || schedule == null ? null : known(page, task, schedule);
    return page.answer(
        CURRENT,
        ScheduleTemplates.schedulePreview(
            preview(page, uri.getQueryParameters(), known, task == null ? "" : task)));
  }

  private PreviewView preview(
      PageRequest page,
      MultivaluedMap<String, String> sent,
      @Nullable Schedule known,
      String task) {
    if (ScheduleForm.given(sent, "when").isEmpty()) {
      return PreviewView.EMPTY;
    }
    try {
      return PreviewView.of(
          known == null
              ? previews.ofNew(page.caller(), page.profile(), forms.request(sent, null))
              : previews.ofChanged(
                  page.caller(), page.profile(), task, known.name(), forms.request(sent, known)));
    } catch (ApiException e) {
      return PreviewView.refused(Refusal.of(e));
    }
  }

  private RestResponse<String> shown(
      PageRequest page,
      int status,
      MultivaluedMap<String, String> sent,
      List<String> choice,
      String task,
      String name,
      @Nullable String message,
      @Nullable PreviewView preview) {
    ScheduleFormView form = forms.again(sent, choice, task, name, message, preview);
    return page.answer(status, CURRENT, ScheduleTemplates.scheduleForm(form));
  }

  private Schedule known(PageRequest page, String task, String schedule) {
    return schedules.get(page.caller(), page.profile(), task, schedule).schedule();
  }

  // The service would replace it.
  private void checkFree(PageRequest page, String task, String name) {
    try {
      var _ = known(page, task, name);
    } catch (ApiException e) {
      if (e.code() == ErrorCode.SCHEDULE_NOT_FOUND) {
        return;
      }
      throw e;
    }
    throw new ApiException(
        ErrorCode.ALREADY_EXISTS,
        "The task "
            + task
            + " has a schedule "
            + name
            + ": choose another name, or edit that schedule.");
  }
}
