package dev.errand.automation.notice;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.InvalidFields;
import dev.errand.base.json.CheckedRequest;
import dev.errand.base.json.Coded;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A request for a notice; null is the default. Fields that only the server sets are ignored, so
 * that the answer of a GET can be PUT.
 *
 * @param events the events to tell of
 * @param channel the name of the channel
 * @param tasks the names of the tasks, which need not exist yet; null for all
 * @param errorsInARow how many failures {@code run.errors_in_a_row} wants, 2 to 100; 3 by default
 * @param atMostPerHour how many messages it may lead to in an hour; null for no limit of its own
 * @param include the parts of a run that messages quote; null for none
 * @param enabled whether it tells anything; true by default
 */
@RegisterForReflection
@JsonIgnoreProperties({"name", "state", "held", "created_at", "modified_at"})
public record NoticeRequest(
    @Nullable List<String> events,
    @Nullable String channel,
    @Nullable List<String> tasks,
    @JsonProperty("errors_in_a_row") @Nullable Integer errorsInARow,
    @Nullable Integer atMostPerHour,
    @Nullable List<String> include,
    @Nullable Boolean enabled)
    implements CheckedRequest {
  /** The parts of a run that messages can quote. */
  public static final List<String> PARTS = List.of("output", "result", "parameters");

  public static final int DEFAULT_ERRORS = 3;

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
  private static final Pattern TASK = Pattern.compile("[A-Za-z0-9._~-]{1,128}");
  private static final int MOST_TASKS = 1000;
  private static final int MOST_ERRORS = 100;
  private static final int MOST_PER_HOUR = 10_000;

  @Override
  public void check() {
    InvalidFields.check(
        this::checkedEvents,
        this::checkedChannel,
        this::checkedTasks,
        this::errors,
        this::perHour,
        this::checkedInclude);
  }

  static void checkName(String name) {
    if (!NAME.matcher(name).matches()) {
      throw ApiException.invalid(
          "name", "of a notice is 1 to 64 of A-Z a-z 0-9 . _ - and begins with a letter or digit");
    }
  }

  /** The codes of the events, each once, in the order in which they are documented. */
  List<String> checkedEvents() {
    String known = Coded.codes(NoticeEvent.class);
    if (events == null || events.isEmpty()) {
      throw ApiException.invalid("events", "are required: some of " + known);
    }
    InvalidFields wrong = new InvalidFields();
    for (int i = 0; i < events.size(); i++) {
      if (Coded.find(NoticeEvent.class, events.get(i)).isEmpty()) {
        wrong.add(ApiException.invalid("events[" + i + "]", "must be one of " + known));
      }
    }
    wrong.refuse();
    return Arrays.stream(NoticeEvent.values())
        .map(NoticeEvent::code)
        .filter(events::contains)
        .toList();
  }

  String checkedChannel() {
    if (channel == null) {
      throw ApiException.invalid("channel", "is required: the name of a channel of the profile");
    }
    return channel;
  }

  /** The names of the tasks, each once; empty for all. */
  List<String> checkedTasks() {
    if (tasks == null) {
      return List.of();
    }
    if (tasks.isEmpty() || tasks.size() > MOST_TASKS) {
      throw ApiException.invalid(
          "tasks", "must name 1 to " + MOST_TASKS + " tasks; leave it out for all tasks");
    }
    InvalidFields wrong = new InvalidFields();
    HashSet<String> names = new HashSet<>();
    for (int i = 0; i < tasks.size(); i++) {
      String task = tasks.get(i);
      if (task == null || !TASK.matcher(task).matches()) {
        wrong.add(ApiException.invalid("tasks[" + i + "]", "must be the name of a task"));
      } else {
        names.add(task);
      }
    }
    wrong.refuse();
    return names.stream().sorted().toList();
  }

  int errors() {
    return between(
        "errors_in_a_row", errorsInARow == null ? DEFAULT_ERRORS : errorsInARow, 2, MOST_ERRORS);
  }

  @Nullable Integer perHour() {
    return atMostPerHour == null
        ? null
        : Integer.valueOf(between("at_most_per_hour", atMostPerHour, 1, MOST_PER_HOUR));
  }

  private static int between(String field, int value, int least, int most) {
    if (value < least || value > most) {
      throw ApiException.invalid(field, "must be between " + least + " and " + most);
    }
    return value;
  }

  List<String> checkedInclude() {
    if (include == null) {
      return List.of();
    }
    if (!include.stream().allMatch(part -> part != null && PARTS.contains(part))) {
      throw ApiException.invalid("include", "must be some of " + String.join(", ", PARTS));
    }
    return PARTS.stream().filter(include::contains).toList();
  }

  boolean wantsEnabled() {
    return enabled == null || enabled;
  }
}
