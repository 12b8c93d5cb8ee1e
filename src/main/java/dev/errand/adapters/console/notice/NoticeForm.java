package dev.errand.adapters.console.notice;

import dev.errand.adapters.console.page.Choice;
import dev.errand.adapters.console.page.SentForm;
import dev.errand.automation.channel.ChannelView;
import dev.errand.automation.notice.NoticeEvent;
import dev.errand.automation.notice.NoticeRequest;
import dev.errand.automation.notice.NoticeView;
import dev.errand.base.error.ApiException;
import dev.errand.base.json.WellFormed;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The form that creates or changes a notice.
 *
 * @param channels the channels to choose from
 * @param notice the notice as it is; null for a new one
 * @param sent its fields, as they were sent or as the unchanged form sends them
 * @param message why it was refused; null where it was not
 */
public record NoticeForm(
    List<ChannelView> channels,
    @Nullable NoticeView notice,
    SentForm sent,
    @Nullable String message) {
  private static final String EVENT = "event.";
  private static final String CHANNEL = "channel";
  private static final String TASKS = "tasks";
  private static final String ERRORS = "errors_in_a_row";
  private static final String MOST = "at_most_per_hour";
  private static final String INCLUDE = "include.";
  private static final String ON = "true";

  /**
   * The form of a new notice.
   *
   * @param task the task that it is for; empty for all
   * @param channel the chosen channel; empty where none is chosen yet
   */
  static NoticeForm empty(List<ChannelView> channels, String task, String channel) {
    Map<String, String> fields = new HashMap<>();
    NoticeEvent.USUAL.forEach(event -> fields.put(EVENT + event.code(), ON));
    fields.put(TASKS, task);
    fields.put(CHANNEL, channel);
    fields.put("name", task.isEmpty() ? "failures" : name(task));
    return new NoticeForm(channels, null, SentForm.of(fields), null);
  }

  // Names of notices have fewer characters than those of tasks.
  private static String name(String task) {
    return WellFormed.beginning(task.replace('~', '-').replaceFirst("^[._-]+", ""), 64);
  }

  /** The form of a notice as it is. */
  static NoticeForm of(List<ChannelView> channels, NoticeView notice) {
    Map<String, String> fields = new HashMap<>();
    notice.events().forEach(event -> fields.put(EVENT + event, ON));
    notice.include().forEach(part -> fields.put(INCLUDE + part, ON));
    fields.put(TASKS, notice.tasks() == null ? "" : String.join("\n", notice.tasks()));
    fields.put(CHANNEL, notice.channel());
    fields.put(ERRORS, Integer.toString(notice.errorsInARow()));
    fields.put(MOST, notice.atMostPerHour() == null ? "" : notice.atMostPerHour().toString());
    return new NoticeForm(channels, notice, SentForm.of(fields), null);
  }

  /** The same with what is wrong with it. */
  NoticeForm refused(String why) {
    return new NoticeForm(channels, notice, sent, why);
  }

  /** Whether it creates a notice. */
  public boolean isNew() {
    return notice == null;
  }

  /** The name of the notice; for a new one, as far as it has been entered. */
  public String name() {
    return notice == null ? sent.line("name") : notice.name();
  }

  /** The one task that a new notice is for; empty for none or several. */
  public String task() {
    List<String> tasks = sent.items(TASKS);
    return tasks.size() == 1 ? tasks.getFirst() : "";
  }

  /** The events to choose from. */
  public List<Choice> events() {
    return Stream.of(NoticeEvent.values())
        .map(
            event ->
                new Choice(event.code(), NoticeWords.event(event), sent.has(EVENT + event.code())))
        .toList();
  }

  /** The parts of a run to choose from. */
  public List<Choice> parts() {
    return NoticeRequest.PARTS.stream()
        .map(part -> new Choice(part, part, sent.has(INCLUDE + part)))
        .toList();
  }

  /** The channels to choose from. */
  public List<Choice> choices() {
    String chosen = sent.line(CHANNEL);
    return channels.stream()
        .map(
            channel ->
                new Choice(
                    channel.name(),
                    channel.name() + " (" + NoticeWords.kind(channel.kind()) + ")",
                    channel.name().equals(chosen)))
        .toList();
  }

  /** Whether one of the channels is chosen. */
  public boolean isChosen() {
    return choices().stream().anyMatch(Choice::chosen);
  }

  /**
   * The request of the form.
   *
   * @throws ApiException that names the field which is wrong
   */
  NoticeRequest request() {
    List<String> tasks = sent.items(TASKS);
    return new NoticeRequest(
        chosen(events()),
        sent.line(CHANNEL),
        tasks.isEmpty() ? null : tasks,
        sent.integer(ERRORS, ERRORS),
        sent.integer(MOST, MOST),
        chosen(parts()),
        notice == null || notice.enabled());
  }

  private static List<String> chosen(List<Choice> boxes) {
    return boxes.stream().filter(Choice::chosen).map(Choice::value).toList();
  }

  /** The request that switches a notice on or off, and changes nothing else. */
  static NoticeRequest enabled(NoticeView notice, boolean enabled) {
    return new NoticeRequest(
        notice.events(),
        notice.channel(),
        notice.tasks(),
        notice.errorsInARow(),
        notice.atMostPerHour(),
        notice.include(),
        enabled);
  }
}
