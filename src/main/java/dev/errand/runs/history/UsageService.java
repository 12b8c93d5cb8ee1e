package dev.errand.runs.history;

import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.identity.account.Caller;
import dev.errand.identity.profile.ProfileAccess;
import dev.errand.identity.profile.ProfileSlug;
import dev.errand.identity.profile.Right;
import dev.errand.runs.task.TaskAccess;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reports the usage of runs between two days, both included; by default the last 30 days. */
@ApplicationScoped
public class UsageService {
  private static final int DAYS_AT_ONCE = 31;

  private final ProfileAccess access;
  private final TaskAccess tasks;
  private final UsageStore store;
  private final Clock clock;

  UsageService(ProfileAccess access, TaskAccess tasks, UsageStore store, Clock clock) {
    this.access = access;
    this.tasks = tasks;
    this.store = store;
    this.clock = clock;
  }

  /**
   * The usage of a profile's runs, by day and by task.
   *
   * @param from the first day, or a time on it; null for the default
   * @param to the last day, or a time on it; null for today
   * @throws ApiException {@link ErrorCode#PROFILE_NOT_FOUND}, or when the days are not valid
   */
  public UsageView.OfProfile ofProfile(
      Caller caller, ProfileSlug profile, @Nullable String from, @Nullable String to) {
    var id = access.require(caller, profile, Right.SEE).id();
    UsageView.Span span = span(from, to);
    return UsageView.OfProfile.of(span, store.ofProfile(id, span.from(), span.to()));
  }

  /**
   * The usage of a profile's runs that ended today, in UTC.
   *
   * @throws ApiException {@link ErrorCode#PROFILE_NOT_FOUND}
   */
  public UsageSum today(Caller caller, ProfileSlug profile) {
    String today = LocalDate.now(clock).toString();
    return ofProfile(caller, profile, today, today).all().days().getLast().used();
  }

  /**
   * The usage of a task's runs, by day.
   *
   * @param from the first day, or a time on it; null for the default
   * @param to the last day, or a time on it; null for today
   * @throws ApiException {@link ErrorCode#PROFILE_NOT_FOUND}, {@link ErrorCode#TASK_NOT_FOUND}, or
   *     when the days are not valid
   */
  public UsageView ofTask(
      Caller caller, ProfileSlug profile, String task, @Nullable String from, @Nullable String to) {
    var id = tasks.require(caller, profile, task, Right.SEE).id();
    UsageView.Span span = span(from, to);
    return UsageView.of(span, store.ofTask(id, span.from(), span.to()));
  }

  /**
   * The same as {@link #ofProfile} to be sent as lines, one for each task and day.
   *
   * @throws ApiException as {@link #ofProfile} does
   */
  public UsageCsv csvOfProfile(
      Caller caller, ProfileSlug profile, @Nullable String from, @Nullable String to) {
    var id = access.require(caller, profile, Right.SEE).id();
    UsageView.Span span = span(from, to);
    return csv(span, (first, last) -> store.linesOfProfile(id, first, last));
  }

  /**
   * The same as {@link #ofTask} to be sent as lines, one for each day on which a run ended.
   *
   * @throws ApiException as {@link #ofTask} does
   */
  public UsageCsv csvOfTask(
      Caller caller, ProfileSlug profile, String task, @Nullable String from, @Nullable String to) {
    var id = tasks.require(caller, profile, task, Right.SEE).id();
    UsageView.Span span = span(from, to);
    return csv(span, (first, last) -> store.linesOfTask(id, first, last));
  }

  /**
   * The days that a request names.
   *
   * @throws ApiException when they are not valid
   */
  UsageView.Span span(@Nullable String from, @Nullable String to) {
    return UsageView.Span.of(from, to, LocalDate.now(clock));
  }

  @FunctionalInterface
  private interface Lines {
    List<UsageLine> between(LocalDate first, LocalDate last);
  }

  // A part at a time, so that a client that reads slowly holds no connection to the database.
  private static UsageCsv csv(UsageView.Span span, Lines lines) {
    return new UsageCsv(
        span.from(),
        span.to(),
        reader -> {
          LocalDate first = span.from();
          while (!first.isAfter(span.to())) {
            LocalDate next = first.plusDays(DAYS_AT_ONCE);
            LocalDate last = next.isAfter(span.to()) ? span.to() : next.minusDays(1);
            lines.between(first, last).forEach(reader);
            first = next;
          }
        });
  }
}
