package dev.errand.adapters.console.notice;

import dev.errand.adapters.console.page.FormField;
import dev.errand.adapters.console.page.SettingsForm;
import dev.errand.automation.channel.ChannelKind;
import dev.errand.automation.channel.ChannelView;
import dev.errand.automation.channel.OwnerChannels;
import dev.errand.automation.notice.NoticeSettings;
import dev.errand.automation.notice.NoticeView;
import dev.errand.base.json.Coded;
import dev.errand.base.json.Json;
import dev.errand.base.json.WellFormed;
import dev.errand.runs.event.EventKind;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The form that creates or changes a notice.
 *
 * @param channels the channels to choose from
 */
public record NoticeForm(List<ChannelView> channels, SettingsForm<NoticeSettings> form) {
  /** The field of a query that asks for a notice that sends answers. */
  static final String ANSWERS = "answers";

  private static final List<String> SHOWN =
      List.of("channel", "events", "errors_in_a_row", "tasks", "include", "at_most_per_hour");

  /**
   * The form of a new notice.
   *
   * @param task the task that it is for; empty for all
   * @param channel the chosen channel; empty where none is chosen yet
   * @param answers whether it sends answers, and tells of nothing else
   */
  static NoticeForm empty(
      List<ChannelView> channels, String task, String channel, boolean answers) {
    Map<String, String> values = new HashMap<>();
    (answers ? List.of(EventKind.RUN_READY) : EventKind.USUAL_OF_NOTICES)
        .forEach(event -> values.put(event(event), "true"));
    values.put("tasks", task);
    values.put("channel", channel.isEmpty() ? usual(channels) : channel);
    values.put("name", name(task, answers ? ANSWERS : "failures"));
    return new NoticeForm(channels, SettingsForm.empty(NoticeSettings.class, SHOWN, values));
  }

  private static String event(EventKind event) {
    return "events." + event.code();
  }

  // The owner's, which leads to whom most notices are for, else the only one.
  private static String usual(List<ChannelView> channels) {
    return channels.stream()
        .map(ChannelView::name)
        .filter(name -> channels.size() == 1 || name.equals(OwnerChannels.NAME))
        .findFirst()
        .orElse("");
  }

  // Names of notices have fewer characters than those of tasks.
  private static String name(String task, String what) {
    String end = task.isEmpty() ? what : what.equals(ANSWERS) ? "-" + what : "";
    String beginning = task.replace('~', '-').replaceFirst("^[._-]+", "");
    return WellFormed.beginning(beginning, 64 - end.length()) + end;
  }

  /** Whether a new one sends answers. */
  public boolean sendsAnswers() {
    return form.sent().has(event(EventKind.RUN_READY));
  }

  /** The form of a notice as it is. */
  static NoticeForm of(List<ChannelView> channels, NoticeView notice, Json json) {
    return new NoticeForm(
        channels,
        SettingsForm.of(NoticeSettings.class, SHOWN, notice.settings(), notice.name(), json));
  }

  /** The one task that a new notice is for; empty for none or several. */
  public String task() {
    List<String> tasks = form.sent().items("tasks");
    return tasks.size() == 1 ? tasks.getFirst() : "";
  }

  /** The channels to choose from. */
  public FormField channel() {
    Map<String, String> choices = new LinkedHashMap<>();
    channels.forEach(
        channel ->
            choices.put(
                channel.name(),
                channel.name() + " (" + Coded.of(ChannelKind.class, channel.kind()).words() + ")"));
    return form.field("channel", choices);
  }
}
