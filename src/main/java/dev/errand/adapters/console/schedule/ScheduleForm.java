package dev.errand.adapters.console.schedule;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.errand.adapters.console.page.SentForm;
import dev.errand.adapters.console.page.Texts;
import dev.errand.adapters.console.task.RunFormView;
import dev.errand.automation.schedule.MissedFires;
import dev.errand.automation.schedule.Schedule;
import dev.errand.automation.schedule.ScheduleDefinition;
import dev.errand.automation.schedule.ScheduleRequest;
import dev.errand.automation.schedule.ScheduleRetry;
import dev.errand.base.error.ApiException;
import dev.errand.base.json.Durations;
import dev.errand.base.json.Json;
import java.time.Instant;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The form that registers or changes a schedule.
 *
 * @param tasks the tasks to choose from, where none is chosen yet
 * @param task the name of its task; empty where none is chosen yet
 * @param schedule the schedule as it is; null for a new one
 * @param sent its fields, as they were sent or as the unchanged form sends them
 * @param parameters the fields of the parameters of its runs; null where no task is chosen yet
 * @param message why it was refused; null where it was not
 * @param preview the meaning of the rule; null where that was not requested
 */
public record ScheduleForm(
    List<String> tasks,
    String task,
    @Nullable Schedule schedule,
    SentForm sent,
    @Nullable RunFormView parameters,
    @Nullable String message,
    @Nullable PreviewView preview) {
  private static final List<String> RULES = List.of("cron", "every", "at");
  private static final String RETRY = "retry";

  /**
   * The form of a new schedule.
   *
   * @param task the name of its task
   */
  static ScheduleForm empty(String task, RunFormView parameters) {
    SentForm fields =
        SentForm.of(
            Map.of(
                "rule",
                "cron",
                "timezone",
                "UTC",
                "missed",
                MissedFires.NONE.code(),
                RETRY,
                ScheduleRetry.DEFAULT.text()));
    return new ScheduleForm(List.of(), task, null, fields, parameters, null, null);
  }

  /** The form that asks for the task of a new schedule. */
  static ScheduleForm ofTasks(List<String> tasks) {
    return new ScheduleForm(tasks, "", null, SentForm.of(Map.of()), null, null, null);
  }

  /** The form of a schedule as it is. */
  static ScheduleForm of(String task, Schedule schedule, RunFormView parameters) {
    ScheduleDefinition is = schedule.definition();
    ZoneId zone = ZoneId.of(is.timezone());
    Map<String, @Nullable String> fields = new HashMap<>();
    fields.put("rule", is.cron() != null ? "cron" : is.every() != null ? "every" : "at");
    fields.put("cron", is.cron());
    fields.put("every", is.every() == null ? "" : Durations.typed(is.every()));
    fields.put("at", local(is.at(), zone));
    fields.put("timezone", is.timezone());
    fields.put("jitter", is.jitter().isZero() ? "" : Durations.typed(is.jitter()));
    fields.put("start", local(is.start(), zone));
    fields.put("end", local(is.end(), zone));
    fields.put("missed", is.missed().code());
    fields.put(RETRY, is.retry().text());
    return new ScheduleForm(List.of(), task, schedule, SentForm.of(fields), parameters, null, null);
  }

  /**
   * The form as it was sent.
   *
   * @param schedule the schedule as it is; null for a new one
   * @param parameters the fields of the parameters; null where only the rule was sent
   */
  static ScheduleForm sent(
      String task, @Nullable Schedule schedule, SentForm sent, @Nullable RunFormView parameters) {
    return new ScheduleForm(List.of(), task, schedule, sent, parameters, null, null);
  }

  /** The same with what is wrong with it, or with the meaning of its rule. */
  ScheduleForm with(@Nullable String why, @Nullable PreviewView meaning) {
    return new ScheduleForm(tasks, task, schedule, sent, parameters, why, meaning);
  }

  /** Whether it registers a schedule. */
  public boolean isNew() {
    return schedule == null;
  }

  /** Whether it has not been filled in yet. */
  public boolean isEmpty() {
    return RULES.stream().allMatch(rule -> sent.line(rule).isEmpty());
  }

  /** Whether the button was pressed that only shows the meaning of the rule. */
  boolean isPreview() {
    return sent.has("preview");
  }

  /** The name of the schedule; for a new one, as far as it has been entered. */
  public String name() {
    return schedule == null ? sent.line("name") : schedule.name();
  }

  /**
   * The request of the form; a new schedule is enabled at once. Times that were not changed in the
   * form keep their exact instant, since a local time may stand for two.
   *
   * @param values the parameters of its runs
   * @throws ApiException that names the field which is wrong
   */
  ScheduleRequest request(ObjectNode values, Json json) {
    String rule = sent.line("rule");
    if (!RULES.contains(rule)) {
      throw ApiException.invalid("rule", "must be cron, every or at");
    }
    if (sent.line(rule).isEmpty()) {
      throw ApiException.invalid(rule, "is required: it says when the task runs");
    }
    @Nullable ScheduleDefinition is = schedule == null ? null : schedule.definition();
    return new ScheduleRequest(
        rule.equals("cron") ? sent.line(rule) : null,
        rule.equals("every") ? sent.line(rule) : null,
        rule.equals("at") ? time(rule, is, is == null ? null : is.at()) : null,
        orNull("timezone"),
        values,
        is == null || is.enabled(),
        orNull("missed"),
        retry(json),
        orNull("jitter"),
        // A single time has neither, and the form does not show them.
        rule.equals("at") ? null : time("start", is, is == null ? null : is.start()),
        rule.equals("at") ? null : time("end", is, is == null ? null : is.end()));
  }

  private @Nullable String time(
      String field, @Nullable ScheduleDefinition is, @Nullable Instant before) {
    if (is != null
        && before != null
        && sent.line("timezone").equals(is.timezone())
        && sent.line(field).equals(local(before, ZoneId.of(is.timezone())))) {
      return before.toString();
    }
    return orNull(field);
  }

  private static String local(@Nullable Instant time, ZoneId zone) {
    return time == null ? "" : time.atZone(zone).toLocalDateTime().toString();
  }

  private @Nullable JsonNode retry(Json json) {
    String text = sent.line(RETRY);
    if (text.isEmpty()) {
      return null;
    }
    if (text.equals(ScheduleRetry.NEVER)) {
      return TextNode.valueOf(text);
    }
    ArrayNode waits = json.array();
    for (String wait : text.split(",", -1)) {
      waits.add(wait.strip());
    }
    return waits;
  }

  private @Nullable String orNull(String field) {
    return Texts.givenOrNull(sent.line(field));
  }
}
