package dev.errand.runs.history;

import dev.errand.base.database.Sql;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.identity.account.Caller;
import dev.errand.identity.profile.Profile;
import dev.errand.identity.profile.ProfileAccess;
import dev.errand.identity.profile.ProfileSlug;
import dev.errand.identity.profile.Right;
import dev.errand.models.port.WarningCode;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.Column;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the tasks of a profile whose last run failed or has warnings, and the runs that are tried
 * again. The cost of the former depends on the number of tasks, of which it looks at 1,000, and not
 * on the number of runs.
 */
@ApplicationScoped
public class TroubledTasks {
  // The newest of each status is at the beginning of its index. With the OFFSET, the planner looks
  // each run up by its key, however many it expects.
  static final String FOUND =
      """
      SELECT found.*, CASE WHEN status = 'error' THEN failures_in_a_row(task_id, id) ELSE 0 END AS failures
      FROM (
        SELECT run.id, run.task_id, of_task.name AS task, run.name, run.status, run.error_code,
          run.warnings, run.finished_at
        FROM (
          SELECT id, name FROM task
          WHERE profile_id = :profile_id AND deleted_at IS NULL AND enabled
            AND (cardinality(:tasks::text[]) = 0 OR name = ANY (:tasks::text[]))
          ORDER BY name LIMIT 1000) AS of_task
        CROSS JOIN LATERAL (
          SELECT max(ended.id) AS id FROM (
            (SELECT id FROM run WHERE run.task_id = of_task.id AND status = 'ready' AND id > 0
             ORDER BY -id LIMIT 1)
            UNION ALL
            SELECT failed.id FROM (
              SELECT id, error_code FROM run
              WHERE run.task_id = of_task.id AND status = 'error' AND id > 0
              ORDER BY -id LIMIT 10) AS failed
            WHERE %s) AS ended) AS newest
        CROSS JOIN LATERAL (SELECT * FROM run WHERE id = newest.id OFFSET 0) AS run
        WHERE (run.status = 'error' OR NOT run.warnings <@ :minor::text[])
          AND run.finished_at > :since
        ORDER BY -run.id LIMIT :most) AS found
      ORDER BY -id
      """
          .formatted(FailuresInARow.COUNTS);

  static final String TRIED_LATER =
      """
      SELECT task.name AS task, run.name, run.later_tries, run.scheduled_at
      FROM run JOIN task ON task.id = run.task_id
      WHERE run.profile_id = :profile_id AND run.status = 'pending' AND run.later_tries > 0
        AND run.started_at IS NULL
        AND (cardinality(:tasks::text[]) = 0 OR task.name = ANY (:tasks::text[]))
      ORDER BY run.scheduled_at LIMIT :most
      """;

  private static final Duration OLDEST = Duration.ofDays(30);

  private final ProfileAccess access;
  private final Sql sql;
  private final Clock clock;

  TroubledTasks(ProfileAccess access, Sql sql, Clock clock) {
    this.access = access;
    this.sql = sql;
    this.clock = clock;
  }

  /**
   * A task whose last run failed or has warnings.
   *
   * @param run the name of that run
   * @param code the code of its error; null where it did not fail
   * @param warnings the codes of its warnings
   * @param failures how many of its runs failed one after the other; 0 where it did not fail
   */
  @RegisterForReflection
  public record TroubledTask(
      String task,
      @Column(name = "name") String run,
      @Column(name = "error_code") @Nullable String code,
      List<String> warnings,
      int failures,
      Instant finishedAt) {}

  /**
   * A run whose model could not be reached, and which is tried again.
   *
   * @param failures how often it failed
   * @param nextTry when it is tried again
   */
  @RegisterForReflection
  public record RunTriedLater(
      String task,
      @Column(name = "name") String run,
      @Column(name = "later_tries") int failures,
      @Column(name = "scheduled_at") Instant nextTry) {}

  /**
   * The runs that are tried again, the next one first.
   *
   * @throws ApiException {@link ErrorCode#PROFILE_NOT_FOUND}
   */
  public List<RunTriedLater> triedLater(Caller caller, ProfileSlug slug, int most) {
    Profile profile = access.requireForList(caller, slug, Right.SEE_RUNS);
    return sql.statement(TRIED_LATER)
        .with("profile_id", profile.id())
        .with("tasks", "text", ProfileAccess.tasksOf(caller, profile))
        .with("most", most)
        .list(RunTriedLater.class);
  }

  /**
   * The enabled tasks whose last run, within 30 days, failed or has warnings that are not minor;
   * that of the newest run first. Runs that somebody cancelled do not count.
   *
   * @throws ApiException {@link ErrorCode#PROFILE_NOT_FOUND}
   */
  public List<TroubledTask> of(Caller caller, ProfileSlug slug, int most) {
    Profile profile = access.requireForList(caller, slug, Right.SEE_RUNS);
    return sql.statement(FOUND)
        .with("profile_id", profile.id())
        .with("tasks", "text", ProfileAccess.tasksOf(caller, profile))
        .with("minor", "text", WarningCode.MINOR)
        .with("since", clock.instant().minus(OLDEST))
        .with("most", most)
        .list(TroubledTask.class);
  }
}
