package dev.errand.runs.approval;

import dev.errand.base.database.Sql;
import dev.errand.base.database.SqlStatement;
import dev.errand.base.limit.BoundedPages.Part;
import dev.errand.base.limit.BoundedPages.Rows;
import dev.errand.runs.task.ApprovalExpiry;
import dev.errand.tools.port.ToolOrigin;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.inject.Singleton;
import jakarta.persistence.Column;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The table of questions about tool calls. */
@Singleton
class ApprovalStore {
  // All of their texts are read.
  private static final String UNCUT =
      "NULL::integer AS arguments_bytes, NULL::integer AS given_bytes";

  // Of several questions about one call, the last one counts.
  private static final String OF_RUN =
      """
      SELECT DISTINCT ON (step, call_id) *, %s FROM approval WHERE run_id = :run_id
      ORDER BY step, call_id, number DESC
      """
          .formatted(UNCUT);

  private static final String MARK = "UPDATE run SET has_approvals = true WHERE id = :run_id";

  private static final String ADD =
      """
      INSERT INTO approval (id, run_id, profile_id, installation_id, own_tool, server, rule, step,
        call_id, tool, arguments, definitions, may_have_run, requested_at, expires_at, expiry)
      SELECT id, :run_id, :profile_id::uuid, installation_id, own_tool, server, rule, :step,
        call_id, tool, arguments, :definitions, may_have_run, :requested_at::timestamptz,
        :expires_at::timestamptz, expiry
      FROM unnest(:id::uuid[], :installations::text[]::uuid[], :own_tools::text[],
        :servers::text[], :rule::text[], :call_id::text[], :tool::text[], :arguments::text[],
        :may_have_run::boolean[], :expiry::text[])
        WITH ORDINALITY AS asked (id, installation_id, own_tool, server, rule, call_id, tool,
          arguments, may_have_run, expiry, place)
      ORDER BY place
      """;

  private static final String TAKE =
      """
      UPDATE approval SET taken_at = now(), decided_at = coalesce(decided_at, now()),
        status = CASE status WHEN 'open' THEN 'cancelled' ELSE status END
      WHERE id = :id AND taken_at IS NULL
      """;

  private static final String REPLACE =
      """
      UPDATE approval SET status = 'cancelled', decided_at = coalesce(decided_at, now())
      WHERE id = :id AND taken_at IS NULL
      """;

  static final String OPEN_OF_PROFILE =
      """
      SELECT count(*) AS open FROM (
        SELECT FROM approval WHERE profile_id = :profile_id AND status = 'open' LIMIT :most) AS few
      """;

  private static final String OPEN_OF_ALL =
      """
      SELECT
        (SELECT count(*) FROM (SELECT FROM approval WHERE status = 'open' LIMIT 1000000) AS few) AS open,
        coalesce((SELECT extract(epoch FROM now() - requested_at) * 1000 FROM approval
          WHERE status = 'open' ORDER BY requested_at LIMIT 1), 0)::bigint AS age_ms
      """;

  private static final String ONE =
      """
      SELECT approval.*, %s, run.name AS run, run.task_id, %s, task.name AS task
      FROM approval JOIN run ON run.id = approval.run_id JOIN task ON task.id = run.task_id
      WHERE approval.profile_id = :profile_id AND approval.id = :id
      """
          .formatted(UNCUT, ListedApprovals.IS_LIVE);

  private static final String ONE_FITTING =
      "WHERE approval.profile_id = :profile_id AND approval.id = :id";

  private static final String LISTED =
      """
      WHERE approval.profile_id = :profile_id AND approval.number < :before
        AND %s
        AND (cardinality(:tasks::text[]) = 0 OR task.name = ANY (:tasks))
      ORDER BY approval.number DESC LIMIT :most""";

  private static final String OF_STATUS = "(:status::text IS NULL OR approval.status = :status)";

  private static final String LISTED_BY_STATUS = LISTED.formatted(OF_STATUS);

  private static final String LISTED_OF_RUN =
      LISTED.formatted(
          OF_STATUS
              + """
               AND approval.run_id = (
                SELECT one.id FROM task AS its JOIN run AS one ON one.task_id = its.id
                WHERE its.profile_id = :profile_id AND its.name = :run_task AND its.deleted_at IS NULL
                  AND one.name = :run)
              """);

  private static final String NEWEST_FIRST = "number DESC";

  // There is an index of those that are open, which a parameter could not name. A list goes on
  // behind the one with that number, which may have been decided since.
  private static final String LISTED_OPEN =
      """
      WHERE approval.profile_id = :profile_id AND approval.status = 'open'
        AND NOT EXISTS (
          SELECT FROM approval AS last WHERE last.profile_id = :profile_id
            AND last.number = :before
            AND (approval.expires_at, approval.number) <= (last.expires_at, last.number))
        AND (cardinality(:tasks::text[]) = 0 OR task.name = ANY (:tasks))
      ORDER BY approval.expires_at, approval.number LIMIT :most""";

  private static final String FIRST_TO_EXPIRE = "expires_at, number";

  private static final String OPEN =
      """
      WHERE approval.profile_id = :profile_id AND approval.id = ANY (:ids::text[]::uuid[])
        AND approval.status = 'open' AND approval.number > :after
      ORDER BY approval.number LIMIT :most""";

  static String listedOpen(ListedApprovals texts) {
    return texts.fitting(LISTED_OPEN, FIRST_TO_EXPIRE);
  }

  private static final String LOCK_RUN =
      """
      SELECT id FROM run WHERE id = (SELECT run_id FROM approval WHERE id = :id) FOR NO KEY UPDATE
      """;

  private static final String DECIDE =
      """
      UPDATE approval SET status = :status, decided_at = :at::timestamptz, decided_by = :by,
        decided_with = :with, reason = :reason, given = :given
      WHERE id = :id AND status = 'open' AND expires_at > :at::timestamptz
      """;

  // Those of which persons had less than half of the quarter of the time that a reminder leaves.
  private static final String EXTEND =
      """
      WITH extended AS (
        UPDATE approval SET reminded_at = :now::timestamptz, extended_at = :now::timestamptz,
          expires_at = :now::timestamptz + (expires_at - requested_at) / 4
        WHERE id = :id AND status = 'open' AND expiry = 'approve' AND extended_at IS NULL
          AND expires_at <= :now::timestamptz
          AND (reminded_at IS NULL OR reminded_at > expires_at - (expires_at - requested_at) / 8)
        RETURNING *),
      told AS (
        UPDATE run SET modified_at = now(), waits_until = least(extended.expires_at, (
          SELECT min(other.expires_at) FROM approval AS other
          WHERE other.run_id = run.id AND other.status = 'open' AND other.id <> extended.id))
        FROM extended WHERE run.id = extended.run_id AND run.eligibility = 'approval')
      SELECT extended.*, run.name AS run, run.task_id
      FROM extended JOIN run ON run.id = extended.run_id
      """;

  private static final String EXPIRED =
      """
      SELECT id, expires_at FROM approval
      WHERE status = 'open' AND expires_at <= :now::timestamptz
        AND (expires_at, id) > (:after::timestamptz, :after_id::uuid)
      ORDER BY expires_at, id LIMIT :most
      """;

  private static final String EXPIRE =
      """
      WITH ended AS (
        UPDATE approval SET status = CASE expiry WHEN 'approve' THEN 'approved' ELSE 'expired' END,
          decided_at = :at::timestamptz, reason = :reason
        WHERE id = :id AND status = 'open' AND expires_at <= :at::timestamptz
        RETURNING *)
      SELECT ended.*, run.name AS run, run.task_id FROM ended JOIN run ON run.id = ended.run_id
      """;

  // A quarter of the time is left.
  private static final String REMIND =
      """
      WITH due AS (
        SELECT id FROM approval
        WHERE status = 'open' AND reminded_at IS NULL AND expires_at > :now::timestamptz
          AND :now::timestamptz >= expires_at - (expires_at - requested_at) / 4
        ORDER BY expires_at LIMIT :most FOR UPDATE SKIP LOCKED),
      reminded AS (
        UPDATE approval SET reminded_at = :now::timestamptz FROM due WHERE approval.id = due.id
        RETURNING approval.*)
      SELECT reminded.*, run.name AS run, run.task_id
      FROM reminded JOIN run ON run.id = reminded.run_id
      """;

  private static final String NOTE_REMINDED =
      "UPDATE approval SET reminded_at = :now WHERE id = :id AND status = 'open'";

  private static final String WAITING_OF_USER =
      """
      SELECT task_id, name FROM run WHERE id IN (
        SELECT run_id FROM approval JOIN profile ON profile.id = approval.profile_id
        WHERE profile.account_id = :user_id AND approval.status = 'open')
      ORDER BY id
      """;

  private static final String RUNS_OF_INSTALLATION =
      """
      SELECT DISTINCT run_id FROM approval
      WHERE installation_id = :installation_id AND status = 'open'
      """;

  private static final Duration LONGEST_LOOK = Duration.ofSeconds(3);

  private final Sql sql;

  ApprovalStore(Sql sql) {
    this.sql = sql;
  }

  /**
   * A question that is added.
   *
   * @param arguments a JSON object
   * @param expiry what happens where nobody decides in time
   */
  @RegisterForReflection
  record NewQuestion(
      UUID id,
      @Nullable ToolOrigin origin,
      @Nullable String rule,
      String callId,
      String tool,
      String arguments,
      boolean mayHaveRun,
      ApprovalExpiry expiry) {}

  /** The last question about each call of a run. */
  List<StoredApproval> ofRun(long runId) {
    return sql.statement(OF_RUN).with("run_id", runId).list(StoredApproval.class);
  }

  /**
   * Notes that a run may have questions, before the first one is added. In the transaction that
   * adds it, which has changed the run already, this would check the run's foreign keys, and wait
   * for a deletion of the profile, which waits for the run.
   */
  void mark(long runId) {
    sql.statement(MARK).with("run_id", runId).update();
  }

  void add(
      long runId,
      UUID profileId,
      int step,
      @Nullable String definitions,
      Instant at,
      Instant expiresAt,
      List<NewQuestion> asked) {
    sql.statement(ADD)
        .with("run_id", runId)
        .with("profile_id", profileId)
        .with("step", step)
        .with("definitions", definitions)
        .with("requested_at", at)
        .with("expires_at", expiresAt)
        .with(
            "installations",
            "text",
            asked,
            one -> one.origin() == null ? null : one.origin().installation().toString())
        .with("own_tools", "text", asked, one -> one.origin() == null ? null : one.origin().tool())
        .with("servers", "text", asked, one -> one.origin() == null ? null : one.origin().server())
        .withAll(NewQuestion.class, asked)
        .update();
  }

  /** Notes that the run takes a decision up. */
  void take(UUID id) {
    sql.statement(TAKE).with("id", id).update();
  }

  /** Notes that another question takes the place of one, whether it was decided or not. */
  void replace(UUID id) {
    sql.statement(REPLACE).with("id", id).update();
  }

  /** How many questions of a profile are open, up to a number. */
  int openOf(UUID profileId, int most) {
    return sql.statement(OPEN_OF_PROFILE)
        .with("profile_id", profileId)
        .with("most", most)
        .one(row -> row.integer("open"));
  }

  /** The open questions of all profiles. */
  OpenApprovals open() {
    return sql.statement(OPEN_OF_ALL)
        .within(LONGEST_LOOK)
        .one(
            row ->
                new OpenApprovals(
                    row.number("open"), Duration.ofMillis(Math.max(0, row.number("age_ms")))));
  }

  /**
   * Some questions of a profile, the newest first; open ones in the order in which they expire.
   *
   * @param status their status; null for any
   * @param tasks the tasks that they are of; empty for any
   * @param run the run that they are of, as {@code task/run}; null for any
   * @param before the number of the last one of the page before
   */
  Part<FoundApproval, Long> list(
      UUID profileId,
      @Nullable ApprovalStatus status,
      List<String> tasks,
      @Nullable String run,
      ListedApprovals texts,
      long before,
      int most,
      long mostBytes) {
    return part(
        listed(status, run, texts)
            .with("profile_id", profileId)
            .with("tasks", "text", tasks)
            .with("before", before),
        most,
        mostBytes);
  }

  private static Part<FoundApproval, Long> part(SqlStatement statement, int most, long mostBytes) {
    Rows<FoundApproval> found = new Rows<>();
    statement
        .with("most", most + 1)
        .with("most_bytes", mostBytes)
        .each(row -> found.add(row, each -> each.as(FoundApproval.class)));
    return new Part<>(
        found, found.endAfter(most) ? found.items().getLast().approval().number() : null);
  }

  private SqlStatement listed(
      @Nullable ApprovalStatus status, @Nullable String run, ListedApprovals texts) {
    if (status == ApprovalStatus.OPEN && run == null) {
      return sql.statement(listedOpen(texts));
    }
    String code = status == null ? null : status.code();
    if (run == null) {
      return sql.statement(texts.fitting(LISTED_BY_STATUS, NEWEST_FIRST)).with("status", code);
    }
    // Names of tasks have no slash.
    int slash = run.indexOf('/');
    return sql.statement(texts.fitting(LISTED_OF_RUN, NEWEST_FIRST))
        .with("status", code)
        .with("run_task", run.substring(0, Math.max(0, slash)))
        .with("run", run.substring(slash + 1));
  }

  /** Those of some questions of a profile that are open, the first ones in their order. */
  Part<FoundApproval, Long> open(
      UUID profileId, List<UUID> ids, long after, int most, long mostBytes) {
    return part(
        sql.statement(ListedApprovals.CUT.fitting(OPEN, "number"))
            .with("profile_id", profileId)
            .with("ids", "text", ids, UUID::toString)
            .with("after", after),
        most,
        mostBytes);
  }

  /** A question of a profile, as far as it fits. */
  Part<FoundApproval, Long> find(UUID profileId, UUID id, ListedApprovals texts, long mostBytes) {
    Rows<FoundApproval> found = new Rows<>();
    sql.statement(texts.fitting(ONE_FITTING, "number"))
        .with("profile_id", profileId)
        .with("id", id)
        .with("most_bytes", mostBytes)
        .each(row -> found.add(row, each -> each.as(FoundApproval.class)));
    return new Part<>(found, null);
  }

  Optional<FoundApproval> find(UUID profileId, UUID id) {
    return sql.statement(ONE)
        .with("profile_id", profileId)
        .with("id", id)
        .first(FoundApproval.class);
  }

  /** Locks the run of a question until the end of the transaction: first, by whoever decides. */
  void lockRun(UUID id) {
    sql.statement(LOCK_RUN).with("id", id).exists();
  }

  /**
   * Writes a decision.
   *
   * @return whether the question was open, and its time not up
   */
  boolean decide(
      UUID id,
      ApprovalStatus status,
      Instant at,
      String by,
      @Nullable String with,
      @Nullable String reason,
      @Nullable String given) {
    return sql.statement(DECIDE)
            .with("id", id)
            .with("status", status.code())
            .with("at", at)
            .with("by", by)
            .with("with", with)
            .with("reason", reason)
            .with("given", given)
            .update()
        == 1;
  }

  /** An open question, and when its time is up. */
  @RegisterForReflection
  record Due(@Column(name = "expires_at") Instant at, UUID id) {
    static final Due BEFORE_ALL = new Due(Instant.EPOCH, new UUID(0, 0));
  }

  /** Open questions whose time is up, the oldest first, behind one of them. */
  List<Due> expired(Instant now, Due after, int most) {
    return sql.statement(EXPIRED)
        .with("now", now)
        .with("after", after.at)
        .with("after_id", after.id)
        .with("most", most)
        .list(Due.class);
  }

  /** A question whose time is up. */
  @RegisterForReflection
  record Expired(ApprovalStatus status, ApprovalEvents.Question question) {}

  Optional<Expired> expire(UUID id, Instant at, String reason) {
    return sql.statement(EXPIRE)
        .with("id", id)
        .with("at", at)
        .with("reason", reason)
        .first(Expired.class);
  }

  /** Notes that persons are reminded of questions with little time left, and returns these. */
  List<ApprovalEvents.Question> remind(Instant now, int most) {
    return sql.statement(REMIND)
        .with("now", now)
        .with("most", most)
        .list(ApprovalEvents.Question.class);
  }

  /** Notes that persons are not reminded of a question any more. */
  void noteReminded(UUID id, Instant now) {
    sql.statement(NOTE_REMINDED).with("id", id).with("now", now).update();
  }

  /**
   * Gives more time, once, to decide about a call that would be made for want of a decision, though
   * nobody was reminded in time.
   */
  Optional<ApprovalEvents.Question> extend(UUID id, Instant now) {
    return sql.statement(EXTEND)
        .with("id", id)
        .with("now", now)
        .first(ApprovalEvents.Question.class);
  }

  /** A run that waits for a person. */
  @RegisterForReflection
  record WaitingRun(UUID taskId, String name) {}

  /** The runs of a user's profiles that wait for persons. */
  List<WaitingRun> waitingOfUser(UUID userId) {
    return sql.statement(WAITING_OF_USER).with("user_id", userId).list(WaitingRun.class);
  }

  /** The runs with open questions about calls of an installation. */
  List<Long> runsOf(UUID installationId) {
    return sql.statement(RUNS_OF_INSTALLATION)
        .with("installation_id", installationId)
        .list(row -> row.number("run_id"));
  }
}
