package dev.errand.automation.schedule.store;

import static dev.errand.automation.schedule.store.ScheduleSql.batch;
import static dev.errand.automation.schedule.store.ScheduleSql.present;
import static dev.errand.automation.schedule.store.ScheduleSql.query;
import static dev.errand.automation.schedule.store.ScheduleSql.time;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;

/** What came of the times of schedules; within a transaction what it does is part of it. */
@ApplicationScoped
public class FireRows {
  /** How many fires of a schedule are kept. */
  static final int HISTORY = 100;

  private final DataSource database;
  private final Event<FireDecided> decided;

  FireRows(DataSource database, Event<FireDecided> decided) {
    this.database = database;
    this.decided = decided;
  }

  /** Writes fires down, and forgets those that are too many then. */
  public void add(Collection<DecidedFire> fires) {
    batch(
        database,
        ScheduleStatements.ADD_FIRE,
        fires,
        (s, fire) -> {
          s.setObject(1, fire.scheduleId());
          s.setLong(2, fire.number());
          s.setObject(3, time(fire.scheduledFor()));
          s.setObject(4, time(fire.decidedAt()));
          s.setString(5, fire.verdict());
          s.setString(6, fire.detail());
          s.setString(7, fire.runName());
        });
    batch(
        database,
        ScheduleStatements.FORGET_FIRE,
        fires.stream().filter(fire -> fire.number() > HISTORY).toList(),
        (s, fire) -> {
          s.setObject(1, fire.scheduleId());
          s.setLong(2, fire.number() - HISTORY);
        });
    fires.forEach(fire -> decided.fire(new FireDecided(fire.verdict())));
  }

  /** The fires of a schedule, the newest first. */
  public List<DecidedFire> of(UUID scheduleId) {
    return query(
        database, ScheduleStatements.FIRES, s -> s.setObject(1, scheduleId), FireRows::fire);
  }

  /** The newest fire of a schedule. */
  public Optional<DecidedFire> last(UUID scheduleId) {
    return query(
            database, ScheduleStatements.LAST_FIRE, s -> s.setObject(1, scheduleId), FireRows::fire)
        .stream()
        .findFirst();
  }

  /** The newest fire of each of the task's schedules. */
  public List<DecidedFire> lastOfAll(UUID taskId) {
    return query(
        database, ScheduleStatements.LAST_FIRES, s -> s.setObject(1, taskId), FireRows::fire);
  }

  private static DecidedFire fire(ResultSet row) throws SQLException {
    return new DecidedFire(
        row.getObject("schedule_id", UUID.class),
        row.getLong("number"),
        present(row, "scheduled_for"),
        present(row, "decided_at"),
        row.getString("verdict"),
        row.getString("detail"),
        row.getString("run_name"));
  }
}
