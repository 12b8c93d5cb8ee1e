package dev.errand.adapters.console.schedule;

import dev.errand.adapters.console.page.PageRequest;
import dev.errand.adapters.console.page.Refusal;
import dev.errand.adapters.console.page.Texts;
import dev.errand.adapters.console.schedule.CalendarView.Filter;
import dev.errand.automation.schedule.ScheduleCalendar;
import dev.errand.automation.schedule.ScheduleCalendar.Chosen;
import dev.errand.automation.schedule.calendar.IsoTime;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.turn.RequestPools;
import dev.errand.runs.task.TaskService;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.stream.Stream;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** The calendar of schedules: past fires with their outcomes, and future fires. */
@Path("/console/{user}/{profile}/calendar")
@Produces(MediaType.TEXT_HTML)
@RunOnVirtualThread
public class ScheduleCalendarResource {
  // How many years from today: the fires within these are found quickly.
  private static final int MOST_YEARS = 5;

  private final ScheduleCalendar calendar;
  private final TaskService tasks;
  private final RequestPools pools;

  ScheduleCalendarResource(ScheduleCalendar calendar, TaskService tasks, RequestPools pools) {
    this.calendar = calendar;
    this.tasks = tasks;
    this.pools = pools;
  }

  /**
   * The page.
   *
   * @param view month, week or day; a month by default
   * @param date one of the days; today by default
   * @param task the name of a task; empty for all
   * @param zone the zone of the days; that of most of the schedules by default
   */
  @GET
  public RestResponse<String> get(
      PageRequest page,
      @RestQuery @Nullable String view,
      @RestQuery @Nullable String date,
      @RestQuery @Nullable String task,
      @RestQuery @Nullable String zone) {
    Filter filter =
        new Filter(Texts.given(view), Texts.given(date), Texts.given(task), Texts.given(zone));
    try {
      return page.answer(
          SchedulePageResource.CURRENT,
          ScheduleTemplates.calendar(shown(page, filter, null, null)));
    } catch (ApiException e) {
      if (e.code() != ErrorCode.INVALID_INPUT) {
        throw e;
      }
      Filter rest = new Filter("", "", filter.task(), "");
      return page.answer(
          e.code().status(),
          SchedulePageResource.CURRENT,
          ScheduleTemplates.calendar(shown(page, rest, filter, Refusal.of(e))));
    }
  }

  /**
   * The data of the calendar, which is made in the turns of the user: a hundred schedules may fire
   * each minute, and each have fired a hundred times.
   *
   * @param form the values of the form, if they differ
   */
  private CalendarView shown(
      PageRequest page, Filter asked, @Nullable Filter form, @Nullable String message) {
    List<String> names = tasks.names(page.caller(), page.profile());
    return pools.compute().call(page.owner(), () -> shown(page, names, asked, form, message));
  }

  private CalendarView shown(
      PageRequest page,
      List<String> names,
      Filter asked,
      @Nullable Filter form,
      @Nullable String message) {
    String task = asked.task();
    Chosen chosen = calendar.choose(page.caller(), page.profile(), task.isEmpty() ? null : task);
    ZoneId days = asked.zone().isEmpty() ? chosen.zone() : IsoTime.zone("zone", asked.zone());
    LocalDate today = LocalDate.ofInstant(calendar.now(), days);
    CalendarSpan span =
        new CalendarSpan(
            CalendarSpan.Kind.of(asked.view().isEmpty() ? "month" : asked.view()),
            date(asked.date(), today));
    Filter filter = new Filter(span.kind().code(), span.date().toString(), task, asked.zone());
    String home = page.home();
    return new CalendarView(
        span.title(),
        form == null ? filter : form,
        names,
        address(home, filter, span.next(-1).toString()),
        address(home, filter, span.next(1).toString()),
        address(home, filter, ""),
        weekdays(span),
        new CalendarViews(home, filter, days, span)
            .weeks(calendar.on(chosen, span.from(), span.days(), days), today),
        days.getId(),
        chosen.areAll() ? 0 : ScheduleCalendar.MOST,
        !chosen.schedules().isEmpty(),
        message);
  }

  private static List<String> weekdays(CalendarSpan span) {
    Stream<DayOfWeek> days =
        span.columns() == 1 ? Stream.of(span.date().getDayOfWeek()) : Stream.of(DayOfWeek.values());
    return days.map(CalendarSpan::name).toList();
  }

  private static LocalDate date(String text, LocalDate today) {
    if (text.isEmpty()) {
      return today;
    }
    try {
      LocalDate date = LocalDate.parse(text);
      if (Math.abs(date.getYear() - today.getYear()) <= MOST_YEARS) {
        return date;
      }
    } catch (DateTimeException e) {
      // Reported below.
    }
    throw ApiException.invalid(
        "date", "must be a date such as %s, within %d years".formatted(today, MOST_YEARS));
  }

  private static String address(String home, Filter filter, String date) {
    return CalendarViews.address(
        home, new Filter(filter.view(), date, filter.task(), filter.zone()));
  }
}
