package dev.errand.adapters.console.schedule;

import dev.errand.adapters.console.page.Console;
import dev.errand.adapters.console.page.ConsoleLayout;
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

/** The pages with the form of a schedule: for a new one, and for an existing one. */
@Path("/console/{user}/{profile}")
@Produces(MediaType.TEXT_HTML)
@RunOnVirtualThread
public class ScheduleEditResource {
  private static final String CURRENT = ScheduleListResource.CURRENT;
  private static final int MOST_TASKS = 500;
  // The name of the button that only shows the meaning of the rule.
  private static final String PREVIEW = "preview";

  private final Console console;
  private final TaskService tasks;
  private final ScheduleService schedules;
  private final SchedulePreviews previews;
  private final ScheduleForm forms;
  private final RunForm parameters;

  ScheduleEditResource(
      Console console,
      TaskService tasks,
      ScheduleService schedules,
      SchedulePreviews previews,
      ScheduleForm forms,
      RunForm parameters) {
    this.console = console;
    this.tasks = tasks;
    this.schedules = schedules;
    this.previews = previews;
    this.forms = forms;
    this.parameters = parameters;
  }

  @CheckedTemplate(basePath = "console")
  static final class Templates {
    private Templates() {}

    static native TemplateInstance scheduleForm(ConsoleLayout layout, ScheduleFormView form);

    static native TemplateInstance schedulePreview(PreviewView preview);
  }

  /**
   * The form of a new schedule.
   *
   * @param task the task that it is for; null to choose one
   */
  @GET
  @Path("new-schedule")
  public RestResponse<String> ask(
      @RestPath String user, @RestPath String profile, @RestQuery @Nullable String task) {
    PageRequest visit = console.visit(user, profile, CURRENT);
    visit.requireEditor("Schedules");
    String needed =
        task == null ? "" : parameters.needed(tasks.get(visit.caller(), visit.profile(), task));
    return console.answer(
        visit,
        Templates.scheduleForm(
            visit.layout(), forms.empty(tasks(visit), task == null ? "" : task, needed)));
  }

  /** Registers a schedule, or shows the meaning of its rule. */
  @POST
  @Path("new-schedule")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public RestResponse<String> create(
      @RestPath String user,
      @RestPath String profile,
      MultivaluedMap<String, String> sent,
      @Context UriInfo uri) {
    PageRequest visit = console.change(user, profile, CURRENT, sent.getFirst("ticket"));
    visit.requireEditor("Schedules");
    String task = ScheduleForm.given(sent, "task");
    String name = ScheduleForm.given(sent, "name");
    if (sent.containsKey(PREVIEW)) {
      return shown(
          visit, 200, sent, tasks(visit), task, name, null, preview(visit, sent, null, ""));
    }
    try {
      checkFree(visit, task, name);
      var _ =
          schedules.register(
              visit.caller(), visit.profile(), task, name, forms.request(sent, null));
    } catch (ApiException e) {
      return shown(visit, e.code().status(), sent, tasks(visit), task, name, Refusal.of(e), null);
    }
    return console.redirect(PagePaths.schedule(visit.layout().home(), task, name), uri);
  }

  /** The form of a schedule. */
  @GET
  @Path("tasks/{task}/schedules/{schedule}/edit")
  public RestResponse<String> edit(
      @RestPath String user,
      @RestPath String profile,
      @RestPath String task,
      @RestPath String schedule) {
    PageRequest visit = console.visit(user, profile, CURRENT);
    visit.requireEditor("Schedules");
    return console.answer(
        visit,
        Templates.scheduleForm(visit.layout(), forms.of(task, known(visit, task, schedule))));
  }

  /** Changes a schedule, or shows the meaning of the changed rule. */
  @POST
  @Path("tasks/{task}/schedules/{schedule}/edit")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public RestResponse<String> change(
      @RestPath String user,
      @RestPath String profile,
      @RestPath String task,
      @RestPath String schedule,
      MultivaluedMap<String, String> sent,
      @Context UriInfo uri) {
    PageRequest visit = console.change(user, profile, CURRENT, sent.getFirst("ticket"));
    visit.requireEditor("Schedules");
    Schedule known = known(visit, task, schedule);
    if (sent.containsKey(PREVIEW)) {
      return shown(
          visit, 200, sent, List.of(), task, schedule, null, preview(visit, sent, known, task));
    }
    try {
      var _ =
          schedules.register(
              visit.caller(), visit.profile(), task, schedule, forms.request(sent, known));
    } catch (ApiException e) {
      return shown(visit, e.code().status(), sent, List.of(), task, schedule, Refusal.of(e), null);
    }
    return console.redirect(PagePaths.schedule(visit.layout().home(), task, schedule), uri);
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
      @RestPath String user,
      @RestPath String profile,
      @RestQuery @Nullable String task,
      @RestQuery @Nullable String schedule,
      @Context UriInfo uri) {
    PageRequest visit = console.visit(user, profile, CURRENT);
    Schedule known = task == null || schedule == null ? null : known(visit, task, schedule);
    return console.answer(
        visit,
        Templates.schedulePreview(
            preview(visit, uri.getQueryParameters(), known, task == null ? "" : task)));
  }

  private PreviewView preview(
      PageRequest visit,
      MultivaluedMap<String, String> sent,
      @Nullable Schedule known,
      String task) {
    if (ScheduleForm.given(sent, "when").isEmpty()) {
      return PreviewView.EMPTY;
    }
    try {
      return PreviewView.of(
          known == null
              ? previews.ofNew(visit.caller(), visit.profile(), forms.request(sent, null))
              : previews.ofChanged(
                  visit.caller(), visit.profile(), task, known.name(), forms.request(sent, known)));
    } catch (ApiException e) {
      return PreviewView.refused(Refusal.of(e));
    }
  }

  private RestResponse<String> shown(
      PageRequest visit,
      int status,
      MultivaluedMap<String, String> sent,
      List<String> choice,
      String task,
      String name,
      @Nullable String message,
      @Nullable PreviewView preview) {
    ScheduleFormView form = forms.again(sent, choice, task, name, message, preview);
    return console.answer(status, visit, Templates.scheduleForm(visit.layout(), form));
  }

  private Schedule known(PageRequest visit, String task, String schedule) {
    return schedules.get(visit.caller(), visit.profile(), task, schedule).schedule();
  }

  private List<String> tasks(PageRequest visit) {
    return tasks.list(visit.caller(), visit.profile(), "", MOST_TASKS).stream()
        .map(TaskView::name)
        .toList();
  }

  // The service would replace it.
  private void checkFree(PageRequest visit, String task, String name) {
    try {
      var _ = known(visit, task, name);
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
