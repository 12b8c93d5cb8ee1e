package dev.errand.adapters.console.schedule;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.adapters.console.page.SentForm;
import dev.errand.adapters.console.page.SettingsForm;
import dev.errand.adapters.console.task.RunFormView;
import dev.errand.automation.schedule.Schedule;
import dev.errand.automation.schedule.ScheduleDefinition;
import dev.errand.automation.schedule.ScheduleRequest;
import dev.errand.automation.schedule.ScheduleRetry;
import dev.errand.automation.schedule.ScheduleView;
import dev.errand.base.error.ApiException;
import dev.errand.base.json.Json;
import java.util.List;
import java.util.Map;
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
  private static final List<String> RULES = List.of("cron", "every", "at");
  private static final List<String> SHOWN =
      List.of("cron", "every", "at", "timezone", "start", "end", "spread", "jitter", "missed");
  private static final String RULE = "rule";
  private static final String RETRY = "retry";
  private static final String CONFIRMED = "confirmed";

  /**
   * The form of a new schedule.
   *
   * @param task the name of its task
   */
  static ScheduleForm empty(String task, @Nullable RunFormView parameters) {
    Map<String, String> values =
        Map.of(RULE, "cron", "timezone", "UTC", RETRY, ScheduleRetry.DEFAULT.text());
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
    return new ScheduleForm(List.of(), task, form.sent(fields), parameters, null);
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
    return RULES.stream().allMatch(rule -> form.sent().line(rule).isEmpty());
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
    String rule = form.sent().line(RULE);
    if (!RULES.contains(rule)) {
      throw ApiException.invalid(RULE, "must be cron, every or at");
    }
    if (form.sent().line(rule).isEmpty()) {
      throw ApiException.invalid(rule, "is required: it says when the task runs");
    }
    ObjectNode request = form.request(json);
    RULES.stream().filter(other -> !other.equals(rule)).forEach(request::remove);
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
}
