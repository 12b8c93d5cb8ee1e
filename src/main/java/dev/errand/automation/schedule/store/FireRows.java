package dev.errand.automation.schedule.store;

import dev.errand.base.database.Row;
import dev.errand.base.database.Sql;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The table of decided fires. Its methods take part in the caller's transaction. */
@ApplicationScoped
public class FireRows {
  /** How many fires of a schedule are kept. */
  static final int HISTORY = 100;

  private final Sql sql;
  private final Event<FireDecided> decided;

  FireRows(Sql sql, Event<FireDecided> decided) {
    this.sql = sql;
    this.decided = decided;
  }

  /** Adds fires, and removes the oldest beyond the limit of each schedule. */
  public void add(Collection<DecidedFire> fires) {
    sql.batch(
        ScheduleStatements.ADD_FIRE,
        fires,
        (statement, fire) ->
            statement
                .with("schedule_id", fire.scheduleId())
                .with("number", fire.number())
                .with("scheduled_for", fire.scheduledFor())
                .with("decided_at", fire.decidedAt())
                .with("verdict", fire.verdict())
                .with("detail", fire.detail())
                .with("run_name", fire.runName()));
    sql.batch(
        ScheduleStatements.FORGET_FIRE,
        fires.stream().filter(fire -> fire.number() > HISTORY).toList(),
        (statement, fire) ->
            statement
                .with("schedule_id", fire.scheduleId())
                .with("number", fire.number() - HISTORY));
    fires.forEach(fire -> decided.fire(new FireDecided(fire.verdict())));
  }

  /** The fires of a schedule, the newest first. */
  public List<DecidedFire> of(UUID scheduleId) {
    return sql.statement(ScheduleStatements.FIRES)
        .with("schedule_id", scheduleId)
        .list(FireRows::fire);
  }

  /** The newest fire of a schedule. */
  public Optional<DecidedFire> last(UUID scheduleId) {
    return sql.statement(ScheduleStatements.LAST_FIRE)
        .with("schedule_id", scheduleId)
        .first(FireRows::fire);
  }

  /** The newest fire of each of the task's schedules. */
  public List<DecidedFire> lastOfAll(UUID taskId) {
    return sql.statement(ScheduleStatements.LAST_FIRES)
        .with("task_id", taskId)
        .list(FireRows::fire);
  }

  private static DecidedFire fire(Row row) {
    return new DecidedFire(
        row.id("schedule_id"),
        row.number("number"),
        row.time("scheduled_for"),
        row.time("decided_at"),
        row.text("verdict"),
        row.text("detail"),
        row.textOrNull("run_name"));
  }
}
