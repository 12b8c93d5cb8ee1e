package dev.errand.runs.history;

/** The SQL that lists the runs of a profile. Each reads a bounded number of runs, newest first. */
public final class SearchStatements {
  private static final String COLUMNS = "id, task_id, status, error_code, created_at, trigger";

  private static final String SPAN = "AND -id > :after AND -id <= :until";

  static final String OF_PROFILE =
      "SELECT %1$s FROM run WHERE profile_id = :profile_id %2$s ORDER BY -id LIMIT %%1$d"
          .formatted(COLUMNS, SPAN);

  // The live ones are few, and have indexes of their own. Without the OFFSET, the planner might
  // search for them among all runs in the requested order.
  private static final String LIVE =
      "SELECT * FROM (SELECT %1$s FROM run WHERE profile_id = :profile_id AND status = '%2$s' %3$s OFFSET 0) AS %2$s";

  /** The runs of a profile that have not ended. */
  static final String OF_PROFILE_LIVE =
      "SELECT * FROM (%s UNION ALL %s) AS live ORDER BY -id LIMIT %%1$d"
          .formatted(
              LIVE.formatted(COLUMNS, "pending", SPAN), LIVE.formatted(COLUMNS, "running", SPAN));

  /** The runs of a task of the profile. The condition on the id opens the index run_listed. */
  static final String OF_TASK =
      """
      SELECT each.* FROM unnest(:statuses::text[]) AS wanted (status) CROSS JOIN LATERAL (
        SELECT %1$s FROM run WHERE task_id = :task_id AND run.status = wanted.status AND id > 0 %2$s
        ORDER BY -id LIMIT %%1$d) AS each
      ORDER BY -each.id LIMIT %%1$d
      """
          .formatted(COLUMNS, SPAN);

  // The newest of each status is at the beginning of its index.
  static final String NEWEST =
      """
      SELECT run.*, task.name AS task
      FROM unnest(:tasks::text[]) AS wanted (name)
      JOIN task ON task.profile_id = :profile_id AND task.name = wanted.name AND task.deleted_at IS NULL
      CROSS JOIN LATERAL (
        SELECT max(each.id) AS id
        FROM unnest(ARRAY['pending', 'running', 'ready', 'error']) AS known (status)
        CROSS JOIN LATERAL (
          SELECT id FROM run WHERE run.task_id = task.id AND run.status = known.status AND id > 0
          ORDER BY -id LIMIT 1) AS each) AS newest
      JOIN run ON run.id = newest.id
      """;

  /** The first id of a run that was created at that time or later. Ids grow with the time. */
  static final String FIRST_SINCE =
      """
      WITH RECURSIVE span (low, high) AS (
        SELECT coalesce(min(id), 0), coalesce(max(id), 0) + 1 FROM run
        UNION ALL
        SELECT CASE WHEN is_before THEN middle + 1 ELSE low END,
          CASE WHEN is_before THEN high ELSE middle END
        FROM (
          SELECT low, high, (low + high) / 2 AS middle, coalesce(
            (SELECT created_at < :time FROM run WHERE id >= (low + high) / 2 ORDER BY id LIMIT 1),
            false) AS is_before
          FROM span WHERE low < high) AS halved)
      SELECT max(low) AS id FROM span
      """;

  private SearchStatements() {}

  /**
   * The runs that match a filter.
   *
   * @param source the runs that are read
   */
  static String found(String source, int walked, int most) {
    // The limits are literals: for a parameter, the planner would expect a tenth of the table. With
    // the OFFSET it reads the runs once, and not once for each task, as it would if it expected
    // very few.
    String text =
        """
        SELECT run.id, run.task_id, run.name, run.status, run.parameters, run.output, run.finish_reason,
          run.error_code, run.error_message, run.trigger, run.attempt, run.depth, run.usage,
          run.entry_count, run.created_at, run.modified_at, run.scheduled_at, run.meant_for,
          run.started_at, run.finished_at, found.task
        FROM (
          SELECT walked.id, task.name AS task
          FROM (%1$s) AS walked CROSS JOIN LATERAL (
            SELECT name FROM task WHERE id = walked.task_id AND deleted_at IS NULL OFFSET 0) AS task
          WHERE walked.status = ANY (:statuses::text[])
            AND (cardinality(:tasks::text[]) = 0 OR task.name = ANY (:tasks::text[]))
            AND (:code::text IS NULL OR walked.error_code = :code)
            AND (:cause::text IS NULL OR walked.trigger::jsonb ->> 'kind' = :cause)
            AND (:parent::text IS NULL OR (walked.trigger::jsonb ->> 'kind' = 'run'
              AND concat(walked.trigger::jsonb ->> 'task', '/', walked.trigger::jsonb ->> 'run') = :parent))
            AND (:from::timestamptz IS NULL OR walked.created_at >= :from)
            AND (:to::timestamptz IS NULL OR walked.created_at < :to)
          ORDER BY -walked.id LIMIT %%2$d) AS found
        JOIN run ON run.id = found.id
        ORDER BY -run.id
        """
            .formatted(source);
    return text.formatted(walked, most);
  }

  /** The last run that {@link #found} read. */
  static String walked(String source, int walked) {
    String text =
        "SELECT min(id) AS last, count(*) AS runs FROM (%1$s) AS walked".formatted(source);
    return text.formatted(walked);
  }
}
