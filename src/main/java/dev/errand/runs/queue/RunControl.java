package dev.errand.runs.queue;

import dev.errand.base.database.DatabaseException;
import dev.errand.base.database.Sql;
import dev.errand.base.database.SqlStatement;
import dev.errand.runs.entry.NewEntries;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Cancels live runs, rescues runs of lost workers, retries ended ones, and returns a run whose step
 * was cut off, which counts like the loss of its worker.
 */
@ApplicationScoped
public class RunControl {
  // Ends or re-queues the runs in "lost"; entries_added counts the entries that the caller inserts,
  // and warned has the codes of the warnings among them.
  private static final String LOSE =
      """
      UPDATE run SET losses = losses + 1, lease_until = NULL, modified_at = now(),
        status = CASE WHEN hopeless THEN 'error' ELSE 'pending' END, eligibility = 'eligible',
        turn = greatest(turn, 1),
        available_at = CASE WHEN hopeless THEN available_at ELSE now() END,
        error_code = CASE WHEN hopeless THEN :error_code END,
        error_message = CASE WHEN hopeless THEN :error_message END,
        finished_at = CASE WHEN hopeless THEN now() END,
        entry_count = entry_count + entries_added + CASE WHEN hopeless THEN 1 ELSE 0 END, %s
      FROM lost WHERE run.id = lost.id
      RETURNING run.id, run.task_id, hopeless, entry_count
      """
          .formatted(WriteStatements.ADD_WARNINGS.formatted("warned"));

  static final String RESCUE =
      """
      WITH lost AS MATERIALIZED (
        SELECT id, losses >= :losses AS hopeless, 0 AS entries_added, NULL::text AS warned FROM run
        WHERE status = 'running' AND lease_until < now()
        ORDER BY lease_until LIMIT :most FOR UPDATE SKIP LOCKED),
      rescued AS (
      """
          + LOSE
          + """
          ),
          ended AS (
            INSERT INTO run_entry (run_id, seq, entry)
            SELECT id, entry_count - 1, :last_entry FROM rescued WHERE hopeless)
          SELECT id, task_id, hopeless FROM rescued
          """;

  private static final String CUT_OFF =
      """
      WITH lost AS MATERIALIZED (
        SELECT id, losses >= :losses AS hopeless, 1 AS entries_added, :warned::text AS warned FROM run
        WHERE id = :id AND lease_until IS NOT NULL AND attempt = :attempt FOR UPDATE),
      cut AS (
      """
          + LOSE
          + """
          ),
          ended AS (
            INSERT INTO run_entry (run_id, seq, entry)
            SELECT id, entry_count - CASE WHEN hopeless THEN 2 ELSE 1 END, :entry FROM cut
            UNION ALL
            SELECT id, entry_count - 1, :last_entry FROM cut WHERE hopeless)
          SELECT hopeless FROM cut
          """;

  static final String LIVE =
      """
      SELECT
        (SELECT count(*) FROM run WHERE profile_id = task.profile_id AND task_id = task.id
           AND status = 'pending')
        + (SELECT count(*) FROM run WHERE profile_id = task.profile_id AND task_id = task.id
           AND status = 'running') AS runs
      FROM task WHERE id = :task_id
      """;

  // Ends live runs.
  private static final String END =
      """
      WITH ended AS (
        UPDATE run SET status = 'error', error_code = :error_code,
          error_message = :error_message, lease_until = NULL, finished_at = now(),
          modified_at = now(), entry_count = entry_count + 1
        WHERE %s AND status IN ('pending', 'running')
        RETURNING id, entry_count)
      INSERT INTO run_entry (run_id, seq, entry)
      SELECT id, entry_count - 1, :last_entry FROM ended
      RETURNING run_id AS id
      """;

  private static final String CANCEL = END.formatted("task_id = :task_id AND name = :name");

  // Rows are locked in the order of their ids, as by all statements that lock several.
  private static final String END_LIVE =
      END.formatted(
          """
          id = ANY (ARRAY(
            SELECT locked.id FROM run AS locked WHERE locked.id = ANY (ARRAY(
              %1$s AND live.status = 'pending'
              UNION ALL
              %1$s AND live.status = 'running'))
            ORDER BY locked.id FOR NO KEY UPDATE))
          """);

  static final String END_ALL =
      END_LIVE.formatted(
          """
          SELECT live.id FROM task JOIN run AS live
            ON live.profile_id = task.profile_id AND live.task_id = task.id
          WHERE task.id = :task_id""");

  /** In one statement, so that the runs of all their tasks are locked in one order. */
  static final String END_ALL_OF_PROFILES =
      END_LIVE.formatted(
          """
          SELECT live.id FROM unnest(:profile_ids::uuid[]) AS ending (id) JOIN run AS live
            ON live.profile_id = ending.id
          WHERE true""");

  /** Keeps the profile from being deleted until the end of the transaction. */
  private static final String KEEP_PROFILE =
      "SELECT id FROM profile WHERE id = :profile_id FOR KEY SHARE";

  // Entries are only ever added: those of the first end stay, and entry numbers do not change.
  private static final String RETRY =
      """
      WITH again AS (
        UPDATE run SET status = 'pending', eligibility = 'waiting', turn = 0, assignment = :assignment, alone = wanted.alone,
          losses = 0, error_code = NULL, error_message = NULL, available_at = now(), scheduled_at = NULL,
          started_at = NULL, finished_at = NULL, later_tries = 0, waited = interval '0', waits_since = NULL,
          waits_for = NULL, waits_until = NULL, waits_reason = NULL, waits_budget = NULL, waits_rate = NULL, modified_at = now(),
          entry_count = entry_count + 1
        FROM (VALUES (:alone::boolean)) AS wanted (alone)
        WHERE run.id = :id AND status = 'error' AND NOT (wanted.alone AND EXISTS (
          SELECT FROM run AS live WHERE live.profile_id = run.profile_id
            AND live.task_id = run.task_id AND live.status = 'pending'
          UNION ALL
          SELECT FROM run AS live WHERE live.profile_id = run.profile_id
            AND live.task_id = run.task_id AND live.status = 'running'))
        RETURNING run.id, entry_count)
      INSERT INTO run_entry (run_id, seq, entry) SELECT id, entry_count - 1, :entry FROM again
      RETURNING run_id AS id
      """;

  // Those that do not wait for persons are left as they are.
  private static final String WAKE =
      """
      UPDATE run SET eligibility = 'waiting', available_at = now(), waits_for = NULL,
        waits_until = NULL, waits_reason = NULL, modified_at = now()
      WHERE id = ANY (ARRAY(
        SELECT id FROM run WHERE id = ANY (:ids::bigint[]) AND status = 'pending'
          AND eligibility = 'approval'
        ORDER BY id FOR NO KEY UPDATE))
      RETURNING id, task_id
      """;

  // They are due now, and wait for a slot like others that become due.
  private static final String WAKE_BUDGETED =
      """
      UPDATE run SET available_at = now()
      WHERE id = ANY (ARRAY(
        SELECT id FROM run WHERE waits_budget = :budget AND status = 'pending'
        ORDER BY id FOR NO KEY UPDATE))
      RETURNING task_id
      """;

  // What ended the run before does not end it again.
  private static final String ASK_AGAIN =
      """
      UPDATE approval SET taken_at = now()
      WHERE run_id = :id AND status IN ('failed', 'expired') AND taken_at IS NULL
      """;

  private static final String ASSIGNMENT = "SELECT assignment FROM run WHERE id = :id";

  private final Sql sql;
  private final QueueBound bound;
  private final Event<RunEnqueued> enqueued;
  private final Event<RunChanged> changed;
  private final Event<RunStopped> stopped;
  private final Event<RunEnded> ends;
  private final Event<SlotsChanged> slots;

  RunControl(
      Sql sql,
      QueueBound bound,
      Event<RunEnqueued> enqueued,
      Event<RunChanged> changed,
      Event<RunStopped> stopped,
      Event<RunEnded> ends,
      Event<SlotsChanged> slots) {
    this.sql = sql;
    this.bound = bound;
    this.enqueued = enqueued;
    this.changed = changed;
    this.stopped = stopped;
    this.ends = ends;
    this.slots = slots;
  }

  public long live(UUID taskId) {
    return sql.statement(LIVE).with("task_id", taskId).one(row -> row.number("runs"));
  }

  public void end(UUID taskId, String name, RunEnd end) {
    ending(sql.statement(CANCEL), end)
        .with("task_id", taskId)
        .with("name", name)
        .list(row -> row.number("id"))
        .forEach(id -> publishEnd(id, end));
    slots.fire(new SlotsChanged(Set.of(taskId)));
  }

  public void endAll(UUID taskId, RunEnd end) {
    ending(sql.statement(END_ALL), end)
        .with("task_id", taskId)
        .list(row -> row.number("id"))
        .forEach(id -> publishEnd(id, end));
  }

  /** Ends all runs of profiles that have not ended. The caller has locked the profiles. */
  public void endAllOf(Collection<UUID> profileIds, RunEnd end) {
    ending(sql.statement(END_ALL_OF_PROFILES), end)
        .with("profile_ids", "uuid", profileIds)
        .list(row -> row.number("id"))
        .forEach(id -> publishEnd(id, end));
  }

  private static SqlStatement ending(SqlStatement statement, RunEnd end) {
    return statement
        .with("error_code", end.errorCode())
        .with("error_message", end.errorMessage())
        .with("last_entry", end.lastEntry());
  }

  /** The settings that were fixed when the run started, a JSON object; empty for a removed run. */
  public Optional<String> assignment(long runId) {
    return sql.statement(ASSIGNMENT).with("id", runId).first(row -> row.text("assignment"));
  }

  /**
   * Enqueues a run that ended as {@code error} once more. It keeps its entries and continues from
   * the last one.
   *
   * @param assignment its new fixed settings, a JSON object
   * @param alone whether it may start only while no other run of its task is live
   */
  public Enqueued retry(
      UUID profileId,
      UUID taskId,
      long runId,
      String assignment,
      boolean alone,
      String entry,
      Runnable also) {
    Enqueued outcome =
        bound
            .within(profileId, () -> update(profileId, runId, assignment, alone, entry, also))
            .orElse(Enqueued.FULL);
    if (outcome == Enqueued.STARTED) {
      changed.fire(new RunChanged(runId));
      slots.fire(new SlotsChanged(Set.of(taskId)));
      enqueued.fire(new RunEnqueued(runId));
    }
    return outcome;
  }

  private Enqueued update(
      UUID profileId, long runId, String assignment, boolean alone, String entry, Runnable also) {
    SqlStatement statement =
        sql.statement(RETRY)
            .with("assignment", assignment)
            .with("alone", alone)
            .with("id", runId)
            .with("entry", entry);
    try {
      return QuarkusTransaction.joiningExisting()
          .call(
              () -> {
                // A deletion of the profile ends its live runs before it waits for other
                // transactions.
                boolean isKept = sql.statement(KEEP_PROFILE).with("profile_id", profileId).exists();
                if (!isKept || !statement.exists()) {
                  return Enqueued.REFUSED;
                }
                sql.statement(ASK_AGAIN).with("id", runId).update();
                also.run();
                return Enqueued.STARTED;
              });
    } catch (DatabaseException e) {
      if (e.isUniqueViolation()) {
        // Another run of the task, which it may not overlap, was enqueued first.
        return Enqueued.REFUSED;
      }
      throw e;
    }
  }

  /**
   * Makes runs whose lease has expired claimable again, and ends those that were lost too often
   * without progress.
   *
   * @param losses how often a run may be lost
   * @param end the end of a run that was lost more often
   * @return how many leases had expired
   */
  public int rescue(int most, int losses, RunEnd end) {
    List<Long> claimable = new ArrayList<>();
    List<Long> ended = new ArrayList<>();
    Set<UUID> tasks = new HashSet<>();
    ending(sql.statement(RESCUE), end)
        .with("losses", losses)
        .with("most", most)
        .each(
            row -> {
              if (row.flag("hopeless")) {
                ended.add(row.number("id"));
                tasks.add(row.id("task_id"));
              } else {
                claimable.add(row.number("id"));
              }
            });
    claimable.forEach(id -> enqueued.fire(new RunEnqueued(id)));
    ended.forEach(id -> publishEnd(id, end));
    if (!tasks.isEmpty()) {
      slots.fire(new SlotsChanged(tasks));
    }
    return claimable.size() + ended.size();
  }

  /** Lets runs go on that wait for persons, in the transaction that decides about their calls. */
  public void wake(Collection<Long> runIds) {
    Set<UUID> tasks = new HashSet<>();
    sql.statement(WAKE)
        .with("ids", "bigint", runIds)
        .each(
            row -> {
              tasks.add(row.id("task_id"));
              changed.fire(new RunChanged(row.number("id")));
              enqueued.fire(new RunEnqueued(row.number("id"), false));
            });
    if (!tasks.isEmpty()) {
      slots.fire(new SlotsChanged(tasks));
    }
  }

  /** Lets runs look at a budget again that they wait for, in the transaction that changes it. */
  public void wakeWaitingFor(UUID budgetId) {
    Set<UUID> tasks =
        new HashSet<>(
            sql.statement(WAKE_BUDGETED).with("budget", budgetId).list(row -> row.id("task_id")));
    if (!tasks.isEmpty()) {
      slots.fire(new SlotsChanged(tasks));
    }
  }

  /**
   * Returns a run to the queue after one of its steps was cut off, or ends it when that, or the
   * loss of its worker, happened too often without progress.
   *
   * @param entry the one entry that says so
   * @param losses how often a run may be cut off or lost
   * @param end the end of a run to which it happened more often
   * @return whether it was returned to the queue
   * @throws ClaimLostException when the run is no longer held by this claim; nothing is written
   */
  public boolean cutOff(Claim claim, int losses, NewEntries entry, RunEnd end) {
    Optional<Boolean> ended =
        ending(sql.statement(CUT_OFF), end)
            .with("losses", losses)
            .with("id", claim.runId())
            .with("attempt", claim.attempt())
            .with("entry", entry.stored().getFirst())
            .with("warned", entry.warned())
            .first(row -> row.flag("hopeless"));
    if (ended.isEmpty()) {
      throw new ClaimLostException(claim);
    }
    if (ended.get()) {
      publishEnd(claim.runId(), end);
      slots.fire(new SlotsChanged(Set.of(claim.taskId())));
      return false;
    }
    changed.fire(new RunChanged(claim.runId()));
    enqueued.fire(new RunEnqueued(claim.runId()));
    return true;
  }

  private void publishEnd(long runId, RunEnd end) {
    changed.fire(new RunChanged(runId));
    stopped.fire(new RunStopped(runId));
    ends.fire(new RunEnded(end.status(), end.error()));
  }
}
