package dev.errand.adapters.console.schedule;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.adapters.console.notice.NoticeItem;
import dev.errand.adapters.console.notice.TaskNotices;
import dev.errand.adapters.console.page.PageRequest;
import dev.errand.adapters.console.page.Refusal;
import dev.errand.adapters.console.page.TaskPlace;
import dev.errand.adapters.console.page.Texts;
import dev.errand.adapters.console.schedule.SchedulePageView.Why;
import dev.errand.adapters.console.task.RunFormReader;
import dev.errand.automation.schedule.FireExplainer.FireExplanation;
import dev.errand.automation.schedule.ProfileSchedules;
import dev.errand.automation.schedule.Schedule;
import dev.errand.automation.schedule.SchedulePreviews;
import dev.errand.automation.schedule.SchedulePreviews.SchedulePreview;
import dev.errand.automation.schedule.ScheduleReader.ScheduleDetails;
import dev.errand.automation.schedule.ScheduleRequest;
import dev.errand.automation.schedule.ScheduleService;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.field.DeclaredFields;
import dev.errand.base.http.Paging;
import dev.errand.base.json.Json;
import dev.errand.base.json.PrettyJson;
import dev.errand.identity.page.PagePaths;
import dev.errand.runs.task.TaskService;
import dev.errand.runs.task.TaskView;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.ZoneId;
import java.util.List;
import java.util.function.Supplier;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** The pages of schedules: their list, and each with its form, its fires and its buttons. */
@Path("/console/{user}/{profile}")
@Produces(MediaType.TEXT_HTML)
@RunOnVirtualThread
public class SchedulePageResource {
  static final String CURRENT = "schedules";
  private static final String ONE = "tasks/{task}/schedules/{schedule}";

  private final TaskService tasks;
  private final ProfileSchedules listed;
  private final ScheduleService schedules;
  private final SchedulePreviews previews;
  private final RunFormReader parameters;
  private final ScheduleCosts costs;
  private final TaskNotices notices;
  private final Json json;

  SchedulePageResource(
      TaskService tasks,
      ProfileSchedules listed,
      ScheduleService schedules,
      SchedulePreviews previews,
      RunFormReader parameters,
      ScheduleCosts costs,
      TaskNotices notices,
      Json json) {
    this.tasks = tasks;
    this.listed = listed;
    this.schedules = schedules;
    this.previews = previews;
    this.parameters = parameters;
    this.costs = costs;
    this.notices = notices;
    this.json = json;
  }

  /** The schedules of the profile. */
  @GET
  @Path("schedules")
  public RestResponse<String> list(
      PageRequest page, @RestQuery(Paging.CURSOR) @Nullable String cursor) {
    TaskPlace after = TaskPlace.of(cursor);
    String home = page.home();
    List<ScheduleItem> read =
        listed
            .list(page.caller(), page.profile(), after.task(), after.key(), TaskPlace.READ)
            .stream()
            .map(schedule -> ScheduleItem.of(schedule, home))
            .toList();
    return page.answer(
        CURRENT,
        ScheduleTemplates.schedules(
            TaskPlace.page(read, ScheduleItem::place, home + "/schedules")));
  }

  /**
   * The form of a new schedule.
   *
   * @param task the task that it is for; null to choose one, if there are several
   */
  @GET
  @Path("new-schedule")
  public RestResponse<String> ask(PageRequest page, @RestQuery @Nullable String task) {
    page.requireEditor("Schedules");
    String chosen = Texts.given(task);
    if (chosen.isEmpty()) {
      List<String> names = tasks.names(page.caller(), page.profile());
      if (names.size() != 1) {
        return answer(200, page, ScheduleForm.ofTasks(names));
      }
      chosen = names.getFirst();
    }
    return answer(200, page, ScheduleForm.empty(chosen, parameters.empty(ofName(page, chosen))));
  }

  /** Registers a schedule, or shows the meaning of its rule. */
  @POST
  @Path("new-schedule")
  public RestResponse<String> create(PageRequest page) {
    page.requireEditor("Schedules");
    String task = page.form().line("task");
    TaskView found = ofName(page, task);
    ScheduleForm form =
        ScheduleForm.empty(task, parameters.sent(found, page.form(), null)).sent(page.form());
    ScheduleForm meant = form.with(preview(page, null, form));
    if (form.isPreview() || meant.asks()) {
      return answer(200, page, meant);
    }
    try {
      ObjectNode values = parameters.parameters(found, page.form());
      var _ =
          schedules.create(
              page.caller(), page.profile(), task, form.form().name(), form.request(values, json));
    } catch (ApiException e) {
      return answer(e.code().status(), page, form.refused(e));
    }
    return page.redirect(PagePaths.schedule(page.home(), task, form.form().name()));
  }

  /**
   * The page of a schedule.
   *
   * @param at a time of which it says why the schedule fired or did not; null for none
   */
  @GET
  @Path(ONE)
  public RestResponse<String> get(
      PageRequest page,
      @RestPath String task,
      @RestPath String schedule,
      @RestQuery @Nullable String at) {
    if (at == null || at.isBlank()) {
      return page(200, page, task, schedule, Why.NONE, null);
    }
    String time = at.strip();
    try {
      FireExplanation found =
          schedules.explain(page.caller(), page.profile(), task, schedule, time);
      ZoneId zone = ZoneId.of(known(page, task, schedule).definition().timezone());
      Why why =
          Why.of(found.at().atZone(zone).toLocalDateTime().toString(), found, page.home(), task);
      return page(200, page, task, schedule, why, null);
    } catch (ApiException e) {
      if (e.code() != ErrorCode.INVALID_INPUT) {
        throw e;
      }
      Why refused = new Why(time, null, null, refusal(e));
      return page(e.code().status(), page, task, schedule, refused, null);
    }
  }

  /** Stops it from firing until it is resumed. */
  @POST
  @Path(ONE + "/pause")
  public RestResponse<String> pause(
      PageRequest page, @RestPath String task, @RestPath String schedule) {
    return done(page, task, schedule, () -> enable(page, task, schedule, false));
  }

  /** Lets it fire again, even if it has paused itself. */
  @POST
  @Path(ONE + "/resume")
  public RestResponse<String> resume(
      PageRequest page, @RestPath String task, @RestPath String schedule) {
    return done(
        page,
        task,
        schedule,
        () -> {
          ScheduleDetails details = schedules.get(page.caller(), page.profile(), task, schedule);
          if (details.schedule().definition().enabled()) {
            var _ = schedules.resume(page.caller(), page.profile(), task, schedule);
            return PagePaths.schedule(page.home(), task, schedule);
          }
          return enable(page, task, schedule, true);
        });
  }

  /** Starts a run of it at once. */
  @POST
  @Path(ONE + "/run")
  public RestResponse<String> run(
      PageRequest page, @RestPath String task, @RestPath String schedule) {
    return done(
        page,
        task,
        schedule,
        () ->
            PagePaths.run(
                page.home(),
                task,
                schedules.run(page.caller(), page.profile(), task, schedule).run().name()));
  }

  /** Deletes it. */
  @POST
  @Path(ONE + "/delete")
  public RestResponse<String> delete(
      PageRequest page, @RestPath String task, @RestPath String schedule) {
    schedules.delete(page.caller(), page.profile(), task, schedule);
    return page.redirect(page.home() + "/schedules");
  }

  private String enable(PageRequest page, String task, String schedule, boolean enabled) {
    var _ =
        schedules.patch(
            page.caller(), page.profile(), task, schedule, json.object().put("enabled", enabled));
    return PagePaths.schedule(page.home(), task, schedule);
  }

  /**
   * Performs the action of a button, and redirects; if it is refused, the page says why.
   *
   * @param step the action, which returns the address to go to
   */
  private RestResponse<String> done(
      PageRequest page, String task, String schedule, Supplier<String> step) {
    String address;
    try {
      address = step.get();
    } catch (ApiException e) {
      return page(e.code().status(), page, task, schedule, Why.NONE, refusal(e));
    }
    return page.redirect(address);
  }

  private RestResponse<String> page(
      int status,
      PageRequest page,
      String task,
      String schedule,
      Why why,
      @Nullable String message) {
    ScheduleFacts facts =
        ScheduleFacts.of(schedules.get(page.caller(), page.profile(), task, schedule));
    var _ = page.showing(facts.schedule());
    JsonNode values = json.tree(facts.schedule().parameters());
    SchedulePageView view =
        new SchedulePageView(
            page.home(),
            task,
            facts,
            values.isEmpty() ? "" : PrettyJson.of(values),
            FireLine.newest(
                schedules.fires(page.caller(), page.profile(), task, schedule),
                schedules.byHand(page.caller(), page.profile(), task, schedule),
                page.home(),
                task),
            notices.of(page, task).stream().filter(NoticeItem::sendsAnswers).toList(),
            why,
            message);
    return page.answer(status, CURRENT, ScheduleTemplates.schedule(view));
  }

  /** The form of a schedule. */
  @GET
  @Path(ONE + "/edit")
  public RestResponse<String> edit(
      PageRequest page, @RestPath String task, @RestPath String schedule) {
    page.requireEditor("Schedules");
    Schedule known = known(page, task, schedule);
    return answer(
        200,
        page,
        ScheduleForm.of(
            task,
            known,
            parameters.filled(ofName(page, task), known.definition().parameters()),
            json));
  }

  /** Changes a schedule, or shows the meaning of the changed rule. */
  @POST
  @Path(ONE + "/edit")
  public RestResponse<String> change(
      PageRequest page, @RestPath String task, @RestPath String schedule) {
    page.requireEditor("Schedules");
    Schedule known = known(page, task, schedule);
    TaskView found = ofName(page, task);
    ScheduleForm form =
        ScheduleForm.of(task, known, parameters.sent(found, page.form(), null), json)
            .sent(page.form());
    ScheduleForm meant = form.with(preview(page, known, form));
    if (form.isPreview() || meant.asks()) {
      return answer(200, page, meant);
    }
    try {
      ObjectNode values =
          parameters.parameters(found, page.form(), known.definition().parameters());
      var _ =
          schedules.register(
              page.caller(), page.profile(), task, schedule, form.request(values, json));
    } catch (ApiException e) {
      return answer(e.code().status(), page, form.refused(e));
    }
    return page.redirect(PagePaths.schedule(page.home(), task, schedule));
  }

  /**
   * The part of the form that shows the meaning of the rule while it is filled in.
   *
   * @param task the task of the schedule; null where it is not chosen yet
   * @param schedule that schedule; null for a new one
   */
  @GET
  @Path("schedule-preview")
  public RestResponse<String> preview(
      PageRequest page, @RestQuery @Nullable String task, @RestQuery @Nullable String schedule) {
    Schedule known = task == null || schedule == null ? null : known(page, task, schedule);
    ScheduleForm form =
        known == null
            ? ScheduleForm.empty(task == null ? "" : task, null)
            : ScheduleForm.of(Texts.given(task), known, null, json);
    PreviewView meaning = preview(page, known, form.sent(page.query()));
    return page.answer(CURRENT, ScheduleTemplates.schedulePreview(meaning));
  }

  private PreviewView preview(PageRequest page, @Nullable Schedule known, ScheduleForm form) {
    if (form.isEmpty()) {
      return PreviewView.EMPTY;
    }
    try {
      ScheduleRequest rule = form.request(json.object(), json);
      SchedulePreview meaning =
          known == null
              ? previews.ofNew(page.caller(), page.profile(), form.task(), form.form().name(), rule)
              : previews.ofChanged(page.caller(), page.profile(), form.task(), known.name(), rule);
      return PreviewView.of(
          meaning, form.task().isEmpty() ? null : costs.of(page, form.task(), meaning));
    } catch (ApiException e) {
      return PreviewView.refused(refusal(e));
    }
  }

  private static String refusal(ApiException why) {
    return Refusal.of(why, DeclaredFields.of(ScheduleRequest.class));
  }

  private static RestResponse<String> answer(int status, PageRequest page, ScheduleForm form) {
    return page.answer(status, CURRENT, ScheduleTemplates.scheduleForm(form));
  }

  private TaskView ofName(PageRequest page, String task) {
    return tasks.get(page.caller(), page.profile(), task);
  }

  private Schedule known(PageRequest page, String task, String schedule) {
    return page.showing(schedules.get(page.caller(), page.profile(), task, schedule).schedule());
  }
}
