package dev.errand.runs.history;

import dev.errand.base.database.StorableText;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.InvalidFields;
import dev.errand.base.json.Coded;
import dev.errand.base.json.IsoInstant;
import dev.errand.base.json.WellFormed;
import dev.errand.models.port.RunError;
import dev.errand.models.port.WarningCode;
import dev.errand.runs.entry.RunCause;
import dev.errand.runs.queue.RunStatus;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Selects the runs of a profile that are listed.
 *
 * @param statuses their statuses, at least one
 * @param task the name of their task; null for any
 * @param code the code of their error; null for any
 * @param warning the code of one of their warnings; null for any
 * @param cause the kind of what started them, such as {@code schedule}; null for any
 * @param parent the run that started them, as {@code task/run}; null for any
 * @param text a part of their output or of the message of their error; null for any
 * @param from the first time at which they were started; null for any
 * @param to the time before which they were started; null for any
 */
public record RunFilter(
    Set<RunStatus> statuses,
    @Nullable String task,
    @Nullable String code,
    @Nullable String warning,
    @Nullable String cause,
    @Nullable String parent,
    @Nullable String text,
    @Nullable Instant from,
    @Nullable Instant to) {
  public static final RunFilter ALL = of(EnumSet.allOf(RunStatus.class));

  private static final String NO_STATUS =
      "must be pending, running, ready or error, or several of them separated by commas";
  private static final int LONGEST_TEXT = 200;

  // A warning that an error is near, or was averted, has the code of that error.
  private static final List<String> WARNINGS =
      Stream.concat(
              Coded.codeList(WarningCode.class).stream(), Coded.codeList(RunError.class).stream())
          .distinct()
          .toList();

  public static RunFilter ofTask(String task) {
    return ofTask(task, ALL.statuses);
  }

  public static RunFilter ofTask(String task, Set<RunStatus> statuses) {
    return new RunFilter(statuses, task, null, null, null, null, null, null, null);
  }

  /**
   * The runs that a run has started.
   *
   * @param parent that run, as {@code task/run}
   * @param from when it was started
   * @param to a time after its end; null while it is live
   */
  public static RunFilter startedBy(String parent, Instant from, @Nullable Instant to) {
    return new RunFilter(ALL.statuses, null, null, null, null, parent, null, from, to);
  }

  public static RunFilter of(Set<RunStatus> statuses) {
    return new RunFilter(statuses, null, null, null, null, null, null, null, null);
  }

  /**
   * Reads the filter from the parameters of a request; an empty parameter selects all.
   *
   * @throws ApiException where one of them is not valid
   */
  public static RunFilter of(
      List<String> status,
      @Nullable String task,
      @Nullable String code,
      @Nullable String warning,
      @Nullable String cause,
      @Nullable String parent,
      @Nullable String text,
      @Nullable String from,
      @Nullable String to) {
    InvalidFields wrong = new InvalidFields();
    RunFilter filter =
        new RunFilter(
            wrong.read(() -> statuses(status), ALL.statuses),
            given(task),
            wrong.read(() -> oneOf("code", code, Coded.codeList(RunError.class))),
            wrong.read(() -> oneOf("warning", warning, WARNINGS)),
            wrong.read(() -> oneOf("cause", cause, RunCause.Kind.codes())),
            given(parent),
            wrong.read(() -> searched(text)),
            wrong.read(() -> time("from", from)),
            wrong.read(() -> time("to", to)));
    wrong.refuse();
    return filter;
  }

  /** Whether the filter has a condition that no index covers. */
  boolean isByContent() {
    return code != null || warning != null || cause != null || parent != null;
  }

  boolean areLive() {
    return statuses.stream().noneMatch(RunStatus::isEnd);
  }

  private static Set<RunStatus> statuses(List<String> texts) {
    Set<RunStatus> statuses = EnumSet.noneOf(RunStatus.class);
    for (String text : texts) {
      for (String code : text.split(",", -1)) {
        if (!code.isEmpty()) {
          statuses.add(
              Coded.find(RunStatus.class, code)
                  .orElseThrow(() -> ApiException.invalid("status", NO_STATUS)));
        }
      }
    }
    return statuses.isEmpty() ? EnumSet.allOf(RunStatus.class) : statuses;
  }

  private static @Nullable String given(@Nullable String text) {
    return text == null || text.isBlank() ? null : StorableText.of(text.strip());
  }

  private static @Nullable String searched(@Nullable String text) {
    String given = text == null ? "" : StorableText.of(WellFormed.text(text.strip()));
    if (given.length() > LONGEST_TEXT) {
      throw ApiException.invalid(
          "text", "must have at most " + LONGEST_TEXT + " characters: search for a part of it");
    }
    return given.isEmpty() ? null : given;
  }

  private static @Nullable String oneOf(String field, @Nullable String text, List<String> codes) {
    String given = given(text);
    if (given != null && !codes.contains(given)) {
      throw ApiException.invalid(field, "must be one of " + String.join(", ", codes));
    }
    return given;
  }

  private static @Nullable Instant time(String field, @Nullable String text) {
    String given = given(text);
    return given == null ? null : IsoInstant.parse(field, given, ChronoUnit.MILLIS);
  }
}
