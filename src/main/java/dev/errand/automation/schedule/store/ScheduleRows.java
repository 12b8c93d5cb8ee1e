package dev.errand.automation.schedule.store;

import static dev.errand.automation.schedule.store.ScheduleSql.batch;
import static dev.errand.automation.schedule.store.ScheduleSql.instant;
import static dev.errand.automation.schedule.store.ScheduleSql.present;
import static dev.errand.automation.schedule.store.ScheduleSql.query;
import static dev.errand.automation.schedule.store.ScheduleSql.time;

import dev.errand.automation.schedule.store.Schedule.Pause;
import dev.errand.automation.schedule.store.Schedule.Standing;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;

/** The rows of schedules; within a transaction what it does is part of it. */
@ApplicationScoped
public class ScheduleRows {
  private final DataSource database;

  ScheduleRows(DataSource database) {
    this.database = database;
  }

  /**
   * Takes the task's turn: whoever has it is alone in changing which schedules the task has, up to
   * the end of the transaction.
   *
   * @return whether the task is there
   */
  public boolean takeTurn(UUID taskId) {
    return !query(database, ScheduleStatements.TURN, s -> s.setObject(1, taskId), row -> true)
        .isEmpty();
  }

  public Optional<Schedule> find(UUID taskId, String name, boolean toChange) {
    if (name.indexOf('\0') >= 0) {
      // The database has no text with NUL in it.
      return Optional.empty();
    }
    return query(
            database,
            toChange ? ScheduleStatements.ONE_TO_CHANGE : ScheduleStatements.ONE,
            s -> {
              s.setObject(1, taskId);
              s.setString(2, name);
            },
            ScheduleRows::schedule)
        .stream()
        .findFirst();
  }

  /** The one schedule, to be changed. */
  public Optional<Schedule> take(UUID id) {
    return query(
            database,
            ScheduleStatements.BY_ID_TO_CHANGE,
            s -> s.setObject(1, id),
            ScheduleRows::schedule)
        .stream()
        .findFirst();
  }

  /**
   * Some of a task's schedules, by name.
   *
   * @param after the name that they follow
   * @param most how many
   */
  public List<Schedule> of(UUID taskId, String after, int most) {
    return query(
        database,
        ScheduleStatements.OF_TASK,
        s -> {
          s.setObject(1, taskId);
          s.setString(2, after);
          s.setInt(3, most);
        },
        ScheduleRows::schedule);
  }

  public int count(UUID taskId) {
    return query(
            database, ScheduleStatements.COUNT, s -> s.setObject(1, taskId), row -> row.getInt(1))
        .getFirst();
  }

  /**
   * Takes the schedules that are due and that nobody else has taken, the most overdue first.
   *
   * @param standstill after so long without a statement the database lets go of them, so that a
   *     process that was frozen keeps them from no other
   */
  public List<Schedule> takeDue(Instant now, int most, Duration standstill) {
    boolean _ =
        query(
                database,
                ScheduleStatements.LET_GO_AFTER,
                s -> s.setString(1, standstill.toMillis() + "ms"),
                row -> true)
            .isEmpty();
    return query(
        database,
        ScheduleStatements.DUE,
        s -> {
          s.setObject(1, time(now));
          s.setInt(2, most);
        },
        ScheduleRows::schedule);
  }

  public void add(Schedule schedule) {
    batch(
        database,
        ScheduleStatements.ADD,
        List.of(schedule),
        (s, added) -> {
          int at = bindDefinition(s, added, 1);
          at = bindStanding(s, added, at);
          s.setObject(at++, added.taskId());
          s.setString(at++, added.name());
          s.setInt(at++, added.depth());
          s.setObject(at++, time(added.createdAt()));
          s.setObject(at, added.id());
        });
  }

  /** Writes what a schedule is registered as, and where it stands. */
  public void replace(Schedule schedule) {
    batch(
        database,
        ScheduleStatements.REPLACE,
        List.of(schedule),
        (s, replaced) -> {
          int at = bindStanding(s, replaced, bindDefinition(s, replaced, 1));
          s.setInt(at++, replaced.depth());
          s.setObject(at, replaced.id());
        });
  }

  /** Writes where schedules stand. */
  public void stand(Collection<Schedule> schedules) {
    batch(
        database,
        ScheduleStatements.STAND,
        schedules,
        (s, standing) -> s.setObject(bindStanding(s, standing, 1), standing.id()));
  }

  public boolean delete(UUID taskId, String name) {
    return !query(
            database,
            ScheduleStatements.DELETE,
            s -> {
              s.setObject(1, taskId);
              s.setString(2, name);
            },
            row -> true)
        .isEmpty();
  }

  public void deleteAll(UUID taskId) {
    batch(database, ScheduleStatements.DELETE_ALL, List.of(taskId), (s, id) -> s.setObject(1, id));
  }

  private static int bindDefinition(PreparedStatement s, Schedule schedule, int from)
      throws SQLException {
    Definition is = schedule.definition();
    int at = from;
    s.setString(at++, is.cron());
    if (is.every() == null) {
      s.setNull(at++, Types.BIGINT);
    } else {
      s.setLong(at++, is.every().toSeconds());
    }
    s.setObject(at++, time(is.at()), Types.TIMESTAMP_WITH_TIMEZONE);
    s.setString(at++, is.timezone());
    s.setString(at++, is.parameters());
    s.setBoolean(at++, is.enabled());
    s.setString(at++, is.missed().code());
    s.setLong(at++, is.jitter().toSeconds());
    s.setObject(at++, time(is.start()), Types.TIMESTAMP_WITH_TIMEZONE);
    s.setObject(at++, time(is.end()), Types.TIMESTAMP_WITH_TIMEZONE);
    s.setObject(at++, time(schedule.modifiedAt()));
    return at;
  }

  private static int bindStanding(PreparedStatement s, Schedule schedule, int from)
      throws SQLException {
    Standing now = schedule.standing();
    Pause pause = now.paused();
    int at = from;
    s.setObject(at++, time(now.nextTime()), Types.TIMESTAMP_WITH_TIMEZONE);
    s.setObject(at++, time(schedule.dueAt()), Types.TIMESTAMP_WITH_TIMEZONE);
    s.setInt(at++, now.failures());
    s.setString(at++, String.join("\n", now.openRuns()));
    s.setObject(at++, time(pause == null ? null : pause.at()), Types.TIMESTAMP_WITH_TIMEZONE);
    s.setString(at++, pause == null ? null : pause.reason());
    s.setLong(at++, now.fires());
    return at;
  }

  private static Schedule schedule(ResultSet row) throws SQLException {
    long every = row.getLong("every_seconds");
    Instant pausedAt = instant(row, "paused_at");
    String openRuns = row.getString("open_runs");
    return new Schedule(
        row.getObject("id", UUID.class),
        row.getObject("task_id", UUID.class),
        row.getString("name"),
        new Definition(
            row.getString("cron"),
            every == 0 ? null : Duration.ofSeconds(every),
            instant(row, "at"),
            row.getString("timezone"),
            row.getString("parameters"),
            row.getBoolean("enabled"),
            Missed.of(row.getString("missed")).orElseThrow(),
            Duration.ofSeconds(row.getLong("jitter_seconds")),
            instant(row, "start_at"),
            instant(row, "end_at")),
        row.getInt("depth"),
        new Standing(
            instant(row, "next_time"),
            row.getInt("failures"),
            openRuns.isEmpty() ? List.of() : List.of(openRuns.split("\n", -1)),
            pausedAt == null ? null : new Pause(pausedAt, row.getString("paused_reason")),
            row.getLong("fires")),
        present(row, "created_at"),
        present(row, "modified_at"));
  }
}
