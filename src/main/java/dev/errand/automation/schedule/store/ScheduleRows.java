package dev.errand.automation.schedule.store;

import dev.errand.automation.schedule.store.Schedule.Pause;
import dev.errand.automation.schedule.store.Schedule.Standing;
import dev.errand.base.database.Row;
import dev.errand.base.database.Sql;
import dev.errand.base.database.SqlStatement;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The rows of schedules; within a transaction what it does is part of it. */
@ApplicationScoped
public class ScheduleRows {
  private final Sql sql;

  ScheduleRows(Sql sql) {
    this.sql = sql;
  }

  /**
   * Takes the task's turn: whoever has it is alone in changing which schedules the task has, up to
   * the end of the transaction.
   *
   * @return whether the task is there
   */
  public boolean takeTurn(UUID taskId) {
    return sql.statement(ScheduleStatements.TURN).with("task_id", taskId).exists();
  }

  public Optional<Schedule> find(UUID taskId, String name, boolean toChange) {
    if (name.indexOf('\0') >= 0) {
      // The database has no text with NUL in it.
      return Optional.empty();
    }
    return sql.statement(toChange ? ScheduleStatements.ONE_TO_CHANGE : ScheduleStatements.ONE)
        .with("task_id", taskId)
        .with("name", name)
        .first(ScheduleRows::schedule);
  }

  /** The one schedule, to be changed. */
  public Optional<Schedule> take(UUID id) {
    return sql.statement(ScheduleStatements.BY_ID_TO_CHANGE)
        .with("id", id)
        .first(ScheduleRows::schedule);
  }

  /**
   * Some of a task's schedules, by name.
   *
   * @param after the name that they follow
   * @param most how many
   */
  public List<Schedule> of(UUID taskId, String after, int most) {
    return sql.statement(ScheduleStatements.OF_TASK)
        .with("task_id", taskId)
        .with("after", after)
        .with("most", most)
        .list(ScheduleRows::schedule);
  }

  public int count(UUID taskId) {
    return sql.statement(ScheduleStatements.COUNT)
        .with("task_id", taskId)
        .one(row -> row.integer("schedules"));
  }

  /**
   * Takes the schedules that are due and that nobody else has taken, the most overdue first.
   *
   * @param standstill after so long without a statement the database lets go of them, so that a
   *     process that was frozen keeps them from no other
   */
  public List<Schedule> takeDue(Instant now, int most, Duration standstill) {
    letGoAfter(standstill);
    return sql.statement(ScheduleStatements.DUE)
        .with("now", now)
        .with("most", most)
        .list(ScheduleRows::schedule);
  }

  private void letGoAfter(Duration standstill) {
    sql.statement(ScheduleStatements.LET_GO_AFTER)
        .with("standstill", standstill.toMillis() + "ms")
        .run();
  }

  public void add(Schedule schedule) {
    define(sql.statement(ScheduleStatements.ADD), schedule)
        .with("task_id", schedule.taskId())
        .with("name", schedule.name())
        .with("created_at", schedule.createdAt())
        .update();
  }

  /** Writes what a schedule is registered as, and where it stands. */
  public void replace(Schedule schedule) {
    define(sql.statement(ScheduleStatements.REPLACE), schedule).update();
  }

  /** Writes where schedules stand. */
  public void stand(Collection<Schedule> schedules) {
    sql.batch(ScheduleStatements.STAND, schedules, ScheduleRows::stand);
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
    Standing now = schedule.standing();
    Pause pause = now.paused();
    return statement
        .with("id", schedule.id())
        .with("next_time", now.nextTime())
        .with("due_at", schedule.dueAt())
        .with("failures", now.failures())
        .with("open_runs", String.join("\n", now.openRuns()))
        .with("paused_at", pause == null ? null : pause.at())
        .with("paused_reason", pause == null ? null : pause.reason())
        .with("fires", now.fires());
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
            MissedFires.of(row.text("missed")).orElseThrow(),
            Duration.ofSeconds(row.number("jitter_seconds")),
            row.timeOrNull("start_at"),
            row.timeOrNull("end_at")),
        row.integer("depth"),
        new Standing(
            row.timeOrNull("next_time"),
            row.integer("failures"),
            openRuns.isEmpty() ? List.of() : List.of(openRuns.split("\n", -1)),
            pausedAt == null ? null : new Pause(pausedAt, row.text("paused_reason")),
            row.number("fires")),
        row.time("created_at"),
        row.time("modified_at"));
  }
}
