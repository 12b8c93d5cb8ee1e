package dev.errand.runs.history;

/** The SQL that reads runs and their entries, and removes old runs. */
public final class ArchiveStatements {
  static final String ONE =
      "SELECT " + ListedRuns.BARE + " FROM run WHERE task_id = :task_id AND name = :name";

  static final String ONE_OR_GONE =
      "SELECT "
          + ListedRuns.BARE
          + """
      , gone.removed_at FROM (SELECT :task_id::uuid AS task_id, :name::text AS name) AS wanted
        LEFT JOIN run USING (task_id, name) LEFT JOIN run_tombstone AS gone USING (task_id, name)
      """;

  /** The same, as far as it fits. */
  static String oneOrGone(ListedRuns texts) {
    return texts.fitting(
        """
        SELECT %s, gone.removed_at
        FROM (SELECT :task_id::uuid AS task_id, :name::text AS name) AS wanted
          LEFT JOIN run USING (task_id, name) LEFT JOIN run_tombstone AS gone USING (task_id, name)
        """
            .formatted(texts.columns()),
        ", removed_at");
  }

  static final String TAKEN =
      """
      SELECT EXISTS (SELECT FROM run WHERE task_id = :task_id AND name = :name)
        OR EXISTS (SELECT FROM run_tombstone WHERE task_id = :task_id AND name = :name) AS taken
      """;

  static final String LIVE_PROFILE =
      "SELECT profile_id FROM run WHERE id = :id AND finished_at IS NULL";

  static final String BY_ID = "SELECT " + ListedRuns.BARE + " FROM run WHERE id = :id";

  // How many runs, beginning with the first, have entries that fit; at least one. It reads only the
  // entries of those and of one more, however many runs are requested.
  static final String FITTING =
      """
      WITH RECURSIVE asked AS (SELECT :ids::bigint[] AS ids, :most_bytes::bigint AS most_bytes),
      summed (runs, bytes) AS (
        SELECT 0, 0::bigint
        UNION ALL
        SELECT runs + 1, bytes + (
          SELECT coalesce(sum(octet_length(entry)), 0) FROM run_entry
          WHERE run_id = asked.ids[runs + 1])::bigint
        FROM summed CROSS JOIN asked
        WHERE runs < cardinality(asked.ids) AND bytes <= asked.most_bytes)
      SELECT max(runs) AS runs, max(bytes) AS bytes FROM summed CROSS JOIN asked
      WHERE runs <= 1 OR bytes <= asked.most_bytes
      """;

  /** The newest runs of a task. */
  static String list(int most, ListedRuns texts) {
    // The limits are literals: for a parameter, the planner would expect a tenth of the table. Of
    // the statements about runs, those that say "id > 0" are the ones that may use the index
    // run_listed.
    return texts.fitting(
        """
        SELECT page.* FROM unnest(:statuses::text[]) AS wanted(status) CROSS JOIN LATERAL (
          SELECT %1$s FROM run WHERE task_id = :task_id AND run.status = wanted.status AND id > 0 AND -id > :before
          ORDER BY -id LIMIT %2$d) AS page
        ORDER BY -page.id LIMIT %2$d"""
            .formatted(texts.columns(), most),
        "");
  }

  static final String BRIEFLY =
      ListedRuns.CUT.fitting(
          "SELECT %s FROM run WHERE id = :id".formatted(ListedRuns.CUT.columns()), "");

  static final String SIZE_OF_ASSIGNMENT =
      "SELECT octet_length(assignment)::bigint AS bytes FROM run WHERE id = :id";

  static final String SIZES =
      """
      SELECT octet_length(parameters)::bigint AS parameters,
        coalesce(octet_length(output), 0)::bigint AS output,
        octet_length(assignment)::bigint AS assignment,
        (SELECT coalesce(sum(octet_length(entry)), 0)::bigint FROM run_entry WHERE run_id = run.id)
          AS entries
      FROM run WHERE id = :id
      """;

  static final String ASSIGNMENT = "SELECT assignment FROM run WHERE id = :id";

  static final String KEEP_TOOLS =
      """
      INSERT INTO tool_definitions AS known (address, definitions) VALUES (:address, :definitions)
      ON CONFLICT (address) DO UPDATE SET used_on = current_date WHERE known.used_on < current_date
      """;

  static final String TOOLS = "SELECT definitions FROM tool_definitions WHERE address = :address";

  static final String FORGET_TOOLS =
      """
      DELETE FROM tool_definitions WHERE used_on < now() - :kept_ms * interval '1 millisecond'
      """;

  static final String ENTRIES = "SELECT entry FROM run_entry WHERE run_id = :run_id ORDER BY seq";

  static final String FIRST_ENTRIES =
      "SELECT entry FROM run_entry WHERE run_id = :run_id AND seq < :count ORDER BY seq";

  static final String SIZE_OF_ENTRIES =
      """
      SELECT coalesce(sum(octet_length(entry)), 0)::bigint AS bytes FROM run_entry
      WHERE run_id = :run_id AND seq < :count
      """;

  // One statement reads one snapshot, so an ended run has all the entries that it counts. The first
  // entry is in the page, however large it is: a large one is read by itself. The limit is a
  // literal,
  // as above.
  static final String PAGES =
      """
      SELECT asked.number, run.status, run.entry_count,
        run.status = 'pending' AND run.eligibility = 'approval' AS waits, page.seq, page.entry, page.bytes
      FROM unnest(:ids::bigint[], :firsts::integer[]) WITH ORDINALITY AS asked (id, first, number)
      JOIN run ON run.id = asked.id
      LEFT JOIN LATERAL (
        SELECT seq, %s,
          sum(octet_length(entry)) OVER (ORDER BY seq) - octet_length(entry) AS before
        FROM (SELECT seq, entry FROM run_entry WHERE run_id = asked.id AND seq >= asked.first
          ORDER BY seq LIMIT %d) AS next) AS page ON page.before < :most_bytes
      ORDER BY asked.number, page.seq
      """;

  static final String STATES =
      """
      SELECT id, status, entry_count, status = 'pending' AND eligibility = 'approval' AS waits
      FROM run WHERE id = ANY (:ids)
      """;

  // A name with @ is a schedule's run. The two expressions are those of the index
  // run_ready_of_schedule, or the planner would go through all ready runs of the task.
  static final String PREVIOUS =
      """
      SELECT asked.number::integer, found.name, found.finished_at,
        left(coalesce(found.output, ''), :most) AS output,
        length(coalesce(found.output, '')) AS characters,
        CASE WHEN found.has_result AND length(found.output) <= :most THEN found.output END AS result
      FROM unnest(:task_ids::uuid[], :schedules::text[])
        WITH ORDINALITY AS asked (task_id, schedule, number)
      CROSS JOIN LATERAL (
        SELECT coalesce(
          (SELECT id FROM run WHERE run.task_id = asked.task_id AND status = 'ready'
             AND position('@' IN name) > 0 AND split_part(name, '@', 1) = asked.schedule
           ORDER BY -id LIMIT 1),
          (SELECT id FROM run WHERE run.task_id = asked.task_id AND status = 'ready' AND id > 0
           ORDER BY -id LIMIT 1)) AS id) AS newest
      JOIN run AS found ON found.id = newest.id
      """;

  // A deletion of a profile locks the profile before its content. The removal of runs does so, too,
  // and leaves a profile that is being deleted or renamed to its next pass: were it to wait for the
  // deletion, which waits for the rows that a batch has locked, the two would deadlock. The profile
  // of each row is looked up by keys, so that the planner needs no statistics.
  private static final String KEPT_PROFILE =
      """
      (SELECT profile.id FROM profile
        WHERE profile.id = (SELECT profile_id FROM task AS of_row WHERE of_row.id = stone.task_id)
        FOR KEY SHARE SKIP LOCKED) AS kept\
      """;

  // The oldest runs have the lowest ids, so this needs no index that each end of a run would have
  // to update.
  public static final String MARK =
      """
      WITH walked AS MATERIALIZED (
        SELECT id, task_id, profile_id, name, created_at, finished_at
        FROM run WHERE id > :after ORDER BY id LIMIT :most),
      age AS (SELECT now() - :retention_ms * interval '1 millisecond' AS most),
      kept AS MATERIALIZED (
        SELECT profile.id
        FROM (SELECT DISTINCT profile_id FROM walked, age WHERE finished_at < most) AS old
        CROSS JOIN LATERAL (
          SELECT id FROM profile WHERE id = old.profile_id FOR KEY SHARE SKIP LOCKED) AS profile),
      marked AS (
        INSERT INTO run_tombstone (task_id, name, run_id)
        SELECT task_id, name, id FROM walked, age
        WHERE finished_at < most AND profile_id IN (SELECT id FROM kept)
        ON CONFLICT DO NOTHING)
      SELECT count(*) AS walked, max(id) AS last, bool_or(created_at >= most) AS reached
      FROM walked, age
      """;

  // A run that was retried after it got its tombstone stays, and loses the tombstone.
  public static final String DELETE =
      """
      WITH due AS MATERIALIZED (
        SELECT stone.task_id, stone.name, stone.run_id
        FROM run_tombstone AS stone CROSS JOIN LATERAL %s
        WHERE stone.run_id IS NOT NULL AND stone.removed_at < now() - interval '1 minute'
        ORDER BY stone.removed_at LIMIT :most FOR UPDATE OF stone),
      gone AS (
        DELETE FROM run USING due
        WHERE run.id = due.run_id AND run.finished_at < now() - :retention_ms * interval '1 millisecond'
        RETURNING run.id),
      uses AS (
        DELETE FROM budget_use USING gone WHERE budget_use.period = gone.id::text),
      alive AS (
        DELETE FROM run_tombstone AS stone USING due, run
        WHERE stone.task_id = due.task_id AND stone.name = due.name AND run.id = due.run_id
          AND due.run_id NOT IN (SELECT id FROM gone)),
      done AS (
        UPDATE run_tombstone AS stone SET run_id = NULL FROM due
        WHERE stone.task_id = due.task_id AND stone.name = due.name
          AND (due.run_id IN (SELECT id FROM gone)
            OR NOT EXISTS (SELECT FROM run WHERE run.id = due.run_id)))
      SELECT (SELECT count(*) FROM due) AS due, (SELECT count(*) FROM gone) AS gone
      """
          .formatted(KEPT_PROFILE);

  // The names of a deleted task's runs need no protection. They are read in the order of the key,
  // so that the planner reads no others.
  public static final String FORGET =
      """
      WITH forgotten AS MATERIALIZED (
        SELECT stone.place
        FROM task CROSS JOIN LATERAL (
          SELECT ctid AS place, task_id FROM run_tombstone
          WHERE task_id = task.id AND run_id IS NULL
          ORDER BY name LIMIT :most) AS stone
        CROSS JOIN LATERAL %s
        WHERE task.deleted_at IS NOT NULL
        LIMIT :most)
      DELETE FROM run_tombstone WHERE ctid = ANY (ARRAY(SELECT place FROM forgotten))
      """
          .formatted(KEPT_PROFILE);

  private ArchiveStatements() {}
}
