package dev.errand.automation.schedule;

import dev.errand.automation.schedule.Schedule.Pause;
import dev.errand.automation.schedule.Schedule.State;
import dev.errand.base.database.Row;
import dev.errand.base.database.Sql;
import dev.errand.base.database.SqlStatement;
import dev.errand.base.json.Coded;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The table of schedules. Its methods take part in the caller's transaction. */
@ApplicationScoped
public class ScheduleRows {
  private final Sql sql;

  ScheduleRows(Sql sql) {
    this.sql = sql;
  }

  /**
   * Locks the task until the end of the transaction, so that one transaction at a time changes
   * which schedules it has.
   *
   * @return whether the task exists
   */
  public boolean takeTurn(UUID taskId) {
    return sql.statement(ScheduleStatements.TURN).with("task_id", taskId).exists();
  }

  public Optional<Schedule> find(UUID taskId, String name, boolean toChange) {
    if (name.indexOf('\0') >= 0) {
      // PostgreSQL's text can't contain NUL.
      return Optional.empty();
    }
    return sql.statement(toChange ? ScheduleStatements.ONE_TO_CHANGE : ScheduleStatements.ONE)
        .with("task_id", taskId)
        .with("name", name)
        .first(ScheduleRows::schedule);
  }

  /** Finds a schedule and locks its row for a change. */
  public Optional<Schedule> take(UUID id) {
    return sql.statement(ScheduleStatements.BY_ID_TO_CHANGE)
        .with("id", id)
        .first(ScheduleRows::schedule);
  }

  /**
   * A page of a task's schedules by name.
   *
   * @param after the name after which the page begins
   * @param most how many at most
   */
  public List<Schedule> of(UUID taskId, String after, int most) {
    return sql.statement(ScheduleStatements.OF_TASK)
        .with("task_id", taskId)
        .with("after", after)
        .with("most", most)
        .list(ScheduleRows::schedule);
  }

  /**
   * A schedule with the name of its task.
   *
   * @param task the name of the task
   * @param schedule the schedule
   */
  public record OfTask(String task, Schedule schedule) {}

  /**
   * A page of a profile's schedules by the names of task and schedule.
   *
   * @param task the task after whose schedule the page begins
   * @param after the name of that schedule
   * @param most how many at most
   */
  public List<OfTask> ofProfile(UUID profileId, String task, String after, int most) {
    return sql.statement(ScheduleStatements.OF_PROFILE)
        .with("profile_id", profileId)
        .with("task", task)
        .with("after", after)
        .with("most", most)
        .list(row -> new OfTask(row.text("task"), schedule(row)));
  }

  /**
   * A future fire.
   *
   * @param task the name of the task
   * @param schedule the name of the schedule
   * @param time when it is due
   */
  public record Coming(String task, String schedule, Instant time) {}

  /**
   * The next fire of each active schedule of a profile, the earliest first.
   *
   * @param most how many at most
   */
  public List<Coming> coming(UUID profileId, int most) {
    return sql.statement(ScheduleStatements.COMING)
        .with("profile_id", profileId)
        .with("most", most)
        .list(row -> new Coming(row.text("task"), row.text("schedule"), row.time("due_at")));
  }

  public int count(UUID taskId) {
    return sql.statement(ScheduleStatements.COUNT)
        .with("task_id", taskId)
        .one(row -> row.integer("schedules"));
  }

  /**
   * Locks due schedules that no other process has locked, the most overdue first.
   *
   * @param standstill after this time without a statement the database ends the transaction, so
   *     that a frozen process does not keep them locked
   */
  public List<Schedule> takeDue(Instant now, int most, Duration standstill) {
    List<Schedule> due = new ArrayList<>();
    sql.script()
        .then(
            sql.statement(ScheduleStatements.LIMIT_IDLE_TIME)
                .with("standstill", standstill.toMillis() + "ms"))
        .then(
            sql.statement(ScheduleStatements.DUE).with("now", now).with("most", most),
            row -> due.add(schedule(row)))
        .run();
    return due;
  }

  public void add(Schedule schedule) {
    define(sql.statement(ScheduleStatements.ADD), schedule)
        .with("task_id", schedule.taskId())
        .with("name", schedule.name())
        .with("created_at", schedule.createdAt())
        .update();
  }

  /** Updates a schedule's definition and state. */
  public void replace(Schedule schedule) {
    define(sql.statement(ScheduleStatements.REPLACE), schedule).update();
  }

  /** Updates the states of schedules. */
  public void stand(Collection<Schedule> schedules) {
    if (schedules.isEmpty()) {
      return;
    }
    sql.statement(ScheduleStatements.STAND)
        .with("id", "uuid", each(schedules, Schedule::id))
        .with("next_time", "text", each(schedules, of -> text(of.standing().nextTime())))
        .with("due_at", "text", each(schedules, of -> text(of.dueAt())))
        .with("failures", "integer", each(schedules, of -> of.standing().failures()))
        .with("open_runs", "text", each(schedules, of -> openRuns(of.standing())))
        .with("paused_at", "text", each(schedules, of -> text(pausedAt(of.standing()))))
        .with("paused_reason", "text", each(schedules, of -> pausedReason(of.standing())))
        .with("fires", "bigint", each(schedules, of -> of.standing().fires()))
        .update();
  }

  public boolean delete(UUID taskId, String name) {
    return sql.statement(ScheduleStatements.DELETE)
        .with("task_id", taskId)
        .with("name", name)
        .exists();
  }

  public void deleteAll(UUID taskId) {
    sql.statement(ScheduleStatements.DELETE_ALL).with("task_id", taskId).update();
  }

  private static SqlStatement define(SqlStatement statement, Schedule schedule) {
    ScheduleDefinition is = schedule.definition();
    Duration every = is.every();
    return stand(statement, schedule)
        .with("cron", is.cron())
        .with("every_seconds", every == null ? null : (Long) every.toSeconds())
        .with("at", is.at())
        .with("timezone", is.timezone())
        .with("parameters", is.parameters())
        .with("enabled", is.enabled())
        .with("missed", is.missed().code())
        .with("jitter_seconds", is.jitter().toSeconds())
        .with("start_at", is.start())
        .with("end_at", is.end())
        .with("modified_at", schedule.modifiedAt())
        .with("depth", schedule.depth());
  }

  private static SqlStatement stand(SqlStatement statement, Schedule schedule) {
    State now = schedule.standing();
    return statement
        .with("id", schedule.id())
        .with("next_time", now.nextTime())
        .with("due_at", schedule.dueAt())
        .with("failures", now.failures())
        .with("open_runs", openRuns(now))
        .with("paused_at", pausedAt(now))
        .with("paused_reason", pausedReason(now))
        .with("fires", now.fires());
  }

  private static String openRuns(State standing) {
    return String.join("\n", standing.openRuns());
  }

  private static @Nullable Instant pausedAt(State standing) {
    Pause pause = standing.paused();
    return pause == null ? null : pause.at();
  }

  private static @Nullable String pausedReason(State standing) {
    Pause pause = standing.paused();
    return pause == null ? null : pause.reason();
  }

  /** A time as an element of an array, since the driver does not support arrays of times. */
  static @Nullable String text(@Nullable Instant time) {
    return time == null ? null : time.toString();
  }

  /** A column of rows, for an array. */
  static <T> List<@Nullable Object> each(Collection<T> rows, Function<T, @Nullable Object> column) {
    List<@Nullable Object> all = new ArrayList<>(rows.size());
    rows.forEach(row -> all.add(column.apply(row)));
    return all;
  }

  private static Schedule schedule(Row row) {
    Long every = row.numberOrNull("every_seconds");
    Instant pausedAt = row.timeOrNull("paused_at");
    String openRuns = row.text("open_runs");
    return new Schedule(
        row.id("id"),
        row.id("task_id"),
        row.text("name"),
        new ScheduleDefinition(
            row.textOrNull("cron"),
            every == null ? null : Duration.ofSeconds(every),
            row.timeOrNull("at"),
            row.text("timezone"),
            row.text("parameters"),
            row.flag("enabled"),
            Coded.find(MissedFires.class, row.text("missed")).orElseThrow(),
            Duration.ofSeconds(row.number("jitter_seconds")),
            row.timeOrNull("start_at"),
            row.timeOrNull("end_at")),
        row.integer("depth"),
        new State(
            row.timeOrNull("next_time"),
            row.integer("failures"),
            openRuns.isEmpty() ? List.of() : List.of(openRuns.split("\n", -1)),
            pausedAt == null ? null : new Pause(pausedAt, row.text("paused_reason")),
            row.number("fires")),
        row.time("created_at"),
        row.time("modified_at"));
  }
}
