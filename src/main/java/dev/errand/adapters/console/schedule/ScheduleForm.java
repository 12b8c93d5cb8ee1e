package dev.errand.adapters.console.schedule;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.adapters.console.page.Choice;
import dev.errand.adapters.console.page.SentForm;
import dev.errand.adapters.console.page.SettingsForm;
import dev.errand.adapters.console.task.RunFormView;
import dev.errand.automation.schedule.Schedule;
import dev.errand.automation.schedule.ScheduleDefinition;
import dev.errand.automation.schedule.ScheduleRequest;
import dev.errand.automation.schedule.ScheduleRetry;
import dev.errand.automation.schedule.ScheduleView;
import dev.errand.automation.schedule.calendar.Cron;
import dev.errand.automation.schedule.calendar.DaysAtTime;
import dev.errand.base.error.ApiException;
import dev.errand.base.json.Json;
import java.time.DayOfWeek;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.format.TextStyle;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The form that registers or changes a schedule.
 *
 * @param tasks the tasks to choose from, where none is chosen yet
 * @param task the name of its task; empty where none is chosen yet
 * @param parameters the fields of the parameters of its runs; null where no task is chosen yet
 * @param preview the meaning of the rule; null where that was not requested
 */
public record ScheduleForm(
    List<String> tasks,
    String task,
    SettingsForm<ScheduleRequest> form,
    @Nullable RunFormView parameters,
    @Nullable PreviewView preview) {
  // Their order is that of their options.
  private static final String WEEKDAYS = "weekdays";
  private static final String MONTHDAY = "monthday";
  private static final List<String> RULES = List.of("every", "at", "cron");
  private static final List<String> SHOWN =
      List.of("cron", "every", "at", "timezone", "start", "end", "spread", "jitter", "missed");
  private static final String RULE = "rule";
  private static final String TIME = "time";
  private static final String DAY = "day";
  private static final String ON = "on.";
  private static final String RETRY = "retry";
  private static final String CONFIRMED = "confirmed";
  private static final int LAST_DAY = 31;
  private static final DateTimeFormatter CLOCK =
      DateTimeFormatter.ofPattern("H:mm[:ss]", Locale.ROOT);

  /**
   * The form of a new schedule.
   *
   * @param task the name of its task
   */
  static ScheduleForm empty(String task, @Nullable RunFormView parameters) {
    Map<String, String> values = new HashMap<>();
    values.put(RULE, WEEKDAYS);
    values.put("timezone", "UTC");
    values.put(RETRY, ScheduleRetry.DEFAULT.text());
    DaysAtTime.WORKDAYS.forEach(day -> values.put(ON + day, "true"));
    SettingsForm<ScheduleRequest> form = SettingsForm.empty(ScheduleRequest.class, SHOWN, values);
    return new ScheduleForm(List.of(), task, form, parameters, null);
  }

  /** The form that asks for the task of a new schedule. */
  static ScheduleForm ofTasks(List<String> tasks) {
    SettingsForm<ScheduleRequest> form = SettingsForm.empty(ScheduleRequest.class, SHOWN, Map.of());
    return new ScheduleForm(tasks, "", form, null, null);
  }

  /** The form of a schedule as it is. */
  static ScheduleForm of(
      String task, Schedule schedule, @Nullable RunFormView parameters, Json json) {
    ScheduleDefinition is = schedule.definition();
    SettingsForm<ScheduleRequest> form =
        SettingsForm.of(
            ScheduleRequest.class, SHOWN, ScheduleView.defined(schedule), schedule.name(), json);
    SentForm fields =
        form.sent()
            .with(RULE, is.cron() != null ? "cron" : is.every() != null ? "every" : "at")
            .with(RETRY, is.retry().text());
    SentForm picked =
        is.cron() == null
            ? fields
            : DaysAtTime.of(Cron.parse(is.cron())).map(days -> picked(fields, days)).orElse(fields);
    return new ScheduleForm(List.of(), task, form.sent(picked), parameters, null);
  }

  private static SentForm picked(SentForm fields, DaysAtTime days) {
    SentForm picked = fields.with(TIME, days.time().toString());
    if (days.weekdays().isEmpty()) {
      return picked.with(RULE, MONTHDAY).with(DAY, Integer.toString(days.day()));
    }
    for (DayOfWeek day : days.weekdays()) {
      picked = picked.with(ON + day, "true");
    }
    return picked.with(RULE, WEEKDAYS);
  }

  /** The same as it was sent. */
  ScheduleForm sent(SentForm fields) {
    return new ScheduleForm(tasks, task, form.sent(fields), parameters, null);
  }

  /** The same with what is wrong with it. */
  ScheduleForm refused(ApiException why) {
    return new ScheduleForm(tasks, task, form.refused(why), parameters, null);
  }

  /** The same with the meaning of its rule. */
  ScheduleForm with(PreviewView meaning) {
    return new ScheduleForm(tasks, task, form, parameters, meaning);
  }

  /** Whether it has not been filled in yet. */
  public boolean isEmpty() {
    return form.sent().line(TIME).isEmpty()
        && RULES.stream().allMatch(rule -> form.sent().line(rule).isEmpty());
  }

  /** The days of the week to choose from. */
  public List<Choice> weekdays() {
    return Stream.of(DayOfWeek.values())
        .map(
            day ->
                new Choice(
                    ON + day,
                    day.getDisplayName(TextStyle.SHORT, Locale.ENGLISH),
                    form.sent().has(ON + day)))
        .toList();
  }

  /** Whether a person has to confirm first what the schedule, whose meaning is known, may cost. */
  public boolean asks() {
    ScheduleCost cost = preview == null ? null : preview.cost();
    return cost != null
        && cost.isToConfirm()
        && !isPreview()
        && !form.sent().line(CONFIRMED).equals(cost.answer());
  }

  /** Whether the button was pressed that only shows the meaning of the rule. */
  boolean isPreview() {
    return form.sent().has("preview");
  }

  /**
   * The request of the form; a new schedule is enabled at once.
   *
   * @param values the parameters of its runs
   * @throws ApiException that names the field which is wrong
   */
  ScheduleRequest request(ObjectNode values, Json json) {
    String kind = form.sent().line(RULE);
    ObjectNode request = form.request(json);
    String rule = kind;
    if (kind.equals(WEEKDAYS) || kind.equals(MONTHDAY)) {
      rule = "cron";
      request.put(rule, cron(kind));
    } else if (!RULES.contains(kind)) {
      throw ApiException.invalid(RULE, "must be one of the list");
    } else if (form.sent().line(kind).isEmpty()) {
      throw ApiException.invalid(kind, "is required: it says when the task runs");
    }
    RULES.stream().filter(Predicate.not(rule::equals)).forEach(request::remove);
    if (rule.equals("at")) {
      // A single time has neither, and the form does not show them.
      request.remove(List.of("start", "end"));
    }
    request.set("parameters", values);
    request.remove(RETRY);
    String retry = form.sent().line(RETRY);
    if (retry.equals(ScheduleRetry.NEVER)) {
      request.put(RETRY, retry);
    } else if (!retry.isEmpty()) {
      List<String> waits = Stream.of(retry.split(",", -1)).map(String::strip).toList();
      request.set(RETRY, json.toTree(waits));
    }
    return json.request(request, ScheduleRequest.class);
  }

  // What nobody changed is written as it was.
  private String cron(String kind) {
    DaysAtTime days = days(kind);
    String was = form.known() == null ? "" : form.known().path("cron").asText();
    return !was.isEmpty() && DaysAtTime.of(Cron.parse(was)).filter(days::equals).isPresent()
        ? was
        : days.cron();
  }

  private DaysAtTime days(String kind) {
    LocalTime time = time();
    if (kind.equals(MONTHDAY)) {
      Integer day = form.sent().integer(DAY, DAY);
      if (day == null || day < 1 || day > LAST_DAY) {
        throw ApiException.invalid(DAY, "must be 1 to " + LAST_DAY);
      }
      return DaysAtTime.monthly(time, day);
    }
    Set<DayOfWeek> weekdays =
        Stream.of(DayOfWeek.values())
            .filter(day -> form.sent().has(ON + day))
            .collect(Collectors.toSet());
    if (weekdays.isEmpty()) {
      throw ApiException.invalid("days", "choose one at least");
    }
    return DaysAtTime.weekly(time, weekdays);
  }

  private LocalTime time() {
    String time = form.sent().line(TIME);
    if (time.isEmpty()) {
      throw ApiException.invalid(TIME, "is required: it says when the task runs");
    }
    try {
      return LocalTime.parse(time, CLOCK).truncatedTo(ChronoUnit.MINUTES);
    } catch (DateTimeParseException _) {
      throw ApiException.invalid(TIME, "must be hours and minutes, such as 07:30");
    }
  }
}
