package dev.errand.automation.schedule;

import dev.errand.base.database.Row;
import dev.errand.base.database.Sql;
import dev.errand.base.database.SqlStatement;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.Column;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;

/** The table of schedules. Its methods take part in the caller's transaction. */
@ApplicationScoped
public class ScheduleRows {
  private static final String LOCK_TASK =
      "SELECT FROM task WHERE id = :task_id AND deleted_at IS NULL FOR NO KEY UPDATE";

  private static final String ONE =
      "SELECT * FROM schedule WHERE task_id = :task_id AND name = :name";

  private static final String BY_ID_TO_CHANGE =
      "SELECT * FROM schedule WHERE id = :id FOR NO KEY UPDATE";

  private static final String OF_TASK =
      """
      SELECT schedule.* FROM schedule
      WHERE task_id = :task_id AND name > :after ORDER BY name LIMIT :most
      """;

  private static final String SIZES =
      """
      SELECT octet_length(parameters) + coalesce(octet_length(open_runs), 0) AS bytes FROM schedule
      WHERE task_id = :task_id AND name > :after ORDER BY name LIMIT :most
      """;

  // The second condition allows the use of the index of tasks.
  static final String OF_PROFILE =
      """
      SELECT schedule.*, task.name AS task
      FROM task JOIN schedule ON schedule.task_id = task.id
      WHERE task.profile_id = :profile_id AND task.deleted_at IS NULL
        AND task.name >= :task AND (task.name, schedule.name) > (:task, :after)
      ORDER BY task.name, schedule.name LIMIT :most
      """;

  private static final String SIZE_OF_PROFILE =
      "SELECT coalesce(sum(octet_length(parameters)), 0) AS bytes FROM (%s) AS few"
          .formatted(OF_PROFILE);

  // A version before 0.2.0, which knows no spread, goes by due_at alone: it fires at the time
  // itself.
  private static final String START =
      "schedule.due_at + schedule.spread_offset_seconds * interval '1 second'";

  private static final String COMING =
      """
      SELECT task.name AS task, schedule.name AS schedule, %s AS starts_at
      FROM task JOIN schedule ON schedule.task_id = task.id
      WHERE task.profile_id = :profile_id AND task.deleted_at IS NULL AND schedule.due_at IS NOT NULL
      ORDER BY starts_at, task.name, schedule.name LIMIT :most
      """
          .formatted(START);

  private static final String TROUBLED =
      """
      SELECT schedule.*, task.name AS task
      FROM task JOIN schedule ON schedule.task_id = task.id
      WHERE task.profile_id = :profile_id AND task.deleted_at IS NULL AND task.enabled
        AND schedule.enabled AND (schedule.paused_at IS NOT NULL OR schedule.failures > 0)
      ORDER BY schedule.paused_at DESC NULLS LAST, task.name, schedule.name LIMIT :most
      """;

  // For the current transaction only, since a pooler gives the connection to others.
  private static final String LIMIT_IDLE_TIME =
      "SELECT set_config('idle_in_transaction_session_timeout', :standstill, true)";

  // The planner, which does not know how many are due, would read all schedules and sort them, or
  // compile what takes a moment.
  static final String BY_INDEX =
      """
      SELECT set_config('enable_seqscan', 'off', true), set_config('enable_bitmapscan', 'off', true),
        set_config('jit', 'off', true)
      """;

  // The owner is looked up once for each task.
  static final String IN_TURNS =
      """
      WITH earliest AS MATERIALIZED (
        SELECT id, task_id, %1$s AS starts_at FROM schedule
        WHERE due_at <= :now AND %1$s <= :now ORDER BY due_at LIMIT :most),
      owned AS MATERIALIZED (
        SELECT task_id, (
          SELECT account_id FROM profile
          WHERE profile.id = (SELECT profile_id FROM task WHERE task.id = tasks.task_id)) AS owner
        FROM (SELECT DISTINCT task_id FROM earliest) AS tasks)
      SELECT id FROM earliest JOIN owned USING (task_id)
      ORDER BY row_number() OVER (PARTITION BY owner ORDER BY starts_at), starts_at
      """
          .formatted(START);

  // A schedule whose profile is being deleted or renamed is left to the next tick: to wait for the
  // deletion, which waits for the schedule, would be a deadlock. One that was fired meanwhile is
  // due no more. The rows are found one by one, so that the planner needs no statistics: IS TRUE
  // keeps it from reading all that are due.
  static final String TAKE =
      """
      SELECT schedule.* FROM schedule CROSS JOIN LATERAL (
        SELECT profile.id FROM profile
        WHERE profile.id = (SELECT profile_id FROM task WHERE task.id = schedule.task_id)
        FOR KEY SHARE SKIP LOCKED) AS kept
      WHERE schedule.id = ANY (:ids::uuid[]) AND (%s <= :now) IS TRUE
      FOR NO KEY UPDATE OF schedule SKIP LOCKED
      """
          .formatted(START);

  // The newest fire of each is looked up by the key.
  private static final String DECIDED_AFTER =
      """
      SELECT * FROM schedule
      WHERE enabled AND paused_at IS NULL AND id > :after AND (modified_at > :now OR EXISTS (
        SELECT FROM schedule_fire AS newest
        WHERE newest.schedule_id = schedule.id AND newest.number = schedule.fires
          AND newest.decided_at > :now))
      ORDER BY id LIMIT :most FOR NO KEY UPDATE SKIP LOCKED
      """;

  static final String SAVE_STATE =
      """
      UPDATE schedule SET next_time = now.next_time, due_at = now.due_at, failures = now.failures,
        open_runs = now.open_runs, paused_at = now.paused_at, paused_reason = now.paused_reason,
        fires = now.fires
      FROM unnest(:id::uuid[], :next_time::text[]::timestamptz[], :due_at::text[]::timestamptz[],
        :failures::integer[], :open_runs::text[], :paused_at::text[]::timestamptz[],
        :paused_reason::text[], :fires::bigint[])
        AS now (id, next_time, due_at, failures, open_runs, paused_at, paused_reason, fires)
      WHERE schedule.id = now.id
      """;

  private static final String PUT_OFF =
      """
      UPDATE schedule SET due_at = :starts_at - spread_offset_seconds * interval '1 second'
      WHERE id = :id AND %s < :starts_at
      """
          .formatted(START);

  private final Sql sql;

  ScheduleRows(Sql sql) {
    this.sql = sql;
  }

  /** A statement that reads all columns but the parameters, which may have 256 KB each. */
  private SqlStatement bare(String statement) {
    String columns =
        Row.columns(Schedule.class).stream()
            .map(
                column -> column.equals("parameters") ? "'{}' AS parameters" : "schedule." + column)
            .collect(Collectors.joining(", "));
    return sql.statement(statement.replace("schedule.*", columns));
  }

  /**
   * Locks the task until the end of the transaction, so that one transaction at a time changes
   * which schedules it has.
   *
   * @return whether the task exists
   */
  public boolean lockTask(UUID taskId) {
    return sql.statement(LOCK_TASK).with("task_id", taskId).exists();
  }

  public Optional<Schedule> find(UUID taskId, String name) {
    return sql.statement(ONE).with("task_id", taskId).by("name", name).first(Schedule.class);
  }

  /** Finds a schedule and locks its row until the end of the transaction. */
  public Optional<Schedule> take(UUID id) {
    return sql.statement(BY_ID_TO_CHANGE).with("id", id).first(Schedule.class);
  }

  /** How many bytes of texts each of a task's schedules has, by name. */
  List<Long> sizes(UUID taskId, String after, int most) {
    return sql.statement(SIZES)
        .with("task_id", taskId)
        .with("after", after)
        .with("most", most)
        .list(row -> row.number("bytes"));
  }

  public List<Schedule> of(UUID taskId, String after, int most) {
    return sql.statement(OF_TASK)
        .with("task_id", taskId)
        .with("after", after)
        .with("most", most)
        .list(Schedule.class);
  }

  /** The first schedules of a task by name, as if they had no parameters. */
  List<Schedule> bare(UUID taskId, int most) {
    return bare(OF_TASK)
        .with("task_id", taskId)
        .with("after", "")
        .with("most", most)
        .list(Schedule.class);
  }

  @RegisterForReflection
  public record OfTask(String task, Schedule schedule) {}

  /**
   * The first schedules of a profile by the names of task and schedule, as if without parameters.
   */
  List<OfTask> bareOfProfile(UUID profileId, int most) {
    return bare(OF_PROFILE)
        .with("profile_id", profileId)
        .with("task", "")
        .with("after", "")
        .with("most", most)
        .list(OfTask.class);
  }

  /**
   * A page of a profile's schedules by the names of task and schedule.
   *
   * @param task the task after whose schedule the page begins
   */
  public List<OfTask> ofProfile(UUID profileId, String task, String after, int most) {
    return sql.statement(OF_PROFILE)
        .with("profile_id", profileId)
        .with("task", task)
        .with("after", after)
        .with("most", most)
        .list(OfTask.class);
  }

  /** How many bytes of texts these have. */
  long sizeOfProfile(UUID profileId, String task, String after, int most) {
    return sql.statement(SIZE_OF_PROFILE)
        .with("profile_id", profileId)
        .with("task", task)
        .with("after", after)
        .with("most", most)
        .one(row -> row.number("bytes"));
  }

  @RegisterForReflection
  public record Coming(String task, String schedule, @Column(name = "starts_at") Instant time) {}

  /** The next fire of each active schedule of a profile, the earliest first. */
  public List<Coming> coming(UUID profileId, int most) {
    return sql.statement(COMING)
        .with("profile_id", profileId)
        .with("most", most)
        .list(Coming.class);
  }

  /**
   * The schedules of a profile's enabled tasks that paused themselves, those of late first, and
   * then those whose last run failed.
   */
  List<OfTask> troubled(UUID profileId, int most) {
    return bare(TROUBLED).with("profile_id", profileId).with("most", most).list(OfTask.class);
  }

  /**
   * The ids of due schedules in turns of the users who own them, and of each user the most overdue
   * first.
   *
   * @param most so many, the most overdue ones, are looked at
   */
  List<UUID> dueInTurns(Instant now, int most) {
    List<UUID> ids = new ArrayList<>();
    sql.script()
        .then(sql.statement(BY_INDEX))
        .then(
            sql.statement(IN_TURNS).with("now", now).with("most", most),
            row -> ids.add(row.id("id")))
        .run();
    return ids;
  }

  /**
   * Locks those of some schedules that are due and that no other process has locked.
   *
   * @param taken receives their ids, even if one of them can't be read
   * @param standstill after this time without a statement the database ends the transaction, so
   *     that a frozen process does not keep them locked
   */
  List<Schedule> takeDue(Instant now, List<UUID> ids, List<UUID> taken, Duration standstill) {
    List<Schedule> due = new ArrayList<>();
    sql.script()
        .then(sql.statement(LIMIT_IDLE_TIME).with("standstill", standstill.toMillis() + "ms"))
        .then(
            sql.statement(TAKE).with("now", now).with("ids", "uuid", ids),
            row -> {
              taken.add(row.id("id"));
              due.add(row.as(Schedule.class));
            })
        .run();
    return due;
  }

  /**
   * Locks schedules whose state was decided at a later time than now, before the clock was set
   * back.
   *
   * @param after the id after which to begin
   */
  List<Schedule> takeDecidedAfter(Instant now, UUID after, int most) {
    return sql.statement(DECIDED_AFTER)
        .with("now", now)
        .with("after", after)
        .with("most", most)
        .list(Schedule.class);
  }

  public void saveState(Collection<Schedule> schedules) {
    if (schedules.isEmpty()) {
      return;
    }
    sql.statement(SAVE_STATE)
        .with("due_at", "text", schedules, of -> of.dueAt())
        .withAll(Schedule.class, schedules)
        .update();
  }

  /** Lets a due schedule start its run at a later time, whatever its own times are. */
  void putOff(UUID id, Instant startsAt) {
    sql.statement(PUT_OFF).with("id", id).with("starts_at", startsAt).update();
  }
}
