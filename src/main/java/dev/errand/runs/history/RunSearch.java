package dev.errand.runs.history;

import dev.errand.base.database.Outage;
import dev.errand.base.database.Row;
import dev.errand.base.database.Sql;
import dev.errand.base.database.SqlStatement;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.json.Json;
import dev.errand.base.limit.BoundedPages;
import dev.errand.base.limit.BoundedPages.Page;
import dev.errand.base.limit.BoundedPages.Part;
import dev.errand.base.limit.BoundedPages.Rows;
import dev.errand.base.turn.RequestPools;
import dev.errand.base.turn.WorkOwner;
import dev.errand.identity.account.Caller;
import dev.errand.identity.profile.Profile;
import dev.errand.identity.profile.ProfileAccess;
import dev.errand.identity.profile.ProfileSlug;
import dev.errand.identity.profile.Right;
import dev.errand.runs.queue.Run;
import dev.errand.runs.queue.RunStatus;
import dev.errand.runs.task.TaskReader;
import dev.errand.runs.task.TaskSnapshot;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Lists the runs of a profile, newest first. A search reads {@value #MOST_WALKED} runs at most, and
 * one by their texts {@value #MOST_TEXTS}, for about two seconds; it returns where to continue, so
 * that its cost does not depend on the number of runs. No index has the texts: each run would pay
 * for it.
 */
@ApplicationScoped
public class RunSearch {
  private static final String COLUMNS =
      "id, task_id, status, error_code, warnings, created_at, trigger";

  private static final String SPAN = "AND -id > :after AND -id <= :until";

  static final String OF_PROFILE =
      "SELECT %1$s FROM run WHERE profile_id = :profile_id %2$s ORDER BY -id LIMIT %%1$d"
          .formatted(COLUMNS, SPAN);

  // The live ones are few, and have indexes of their own. Without the OFFSET, the planner might
  // search for them among all runs in the requested order.
  private static final String LIVE =
      "SELECT * FROM (SELECT %1$s FROM run WHERE profile_id = :profile_id AND status = '%2$s' %3$s"
          + " OFFSET 0) AS %2$s";

  // What is read of them for a search by text: those that the other conditions leave. A result is
  // JSON, in which some characters are written otherwise.
  private static final String SAID =
      """
      CROSS JOIN LATERAL (
        SELECT FROM (
          SELECT lower(concat(left(output, 100000), E'\\n', error_message)) AS words
          FROM run WHERE run.id = walked.id OFFSET 0) AS said
        WHERE position(lower(:text) IN words) > 0 OR position(lower(:quoted) IN words) > 0
        OFFSET 0) AS said\
      """;

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
  private static final String NEWEST =
      ListedRuns.BRIEF.fitting(
          """
          SELECT %s, task.name AS task
          FROM unnest(:tasks::text[]) AS wanted (name)
          JOIN task ON task.profile_id = :profile_id AND task.name = wanted.name AND task.deleted_at IS NULL
          CROSS JOIN LATERAL (
            SELECT max(each.id) AS id
            FROM unnest(ARRAY['pending', 'running', 'ready', 'error']) AS known (status)
            CROSS JOIN LATERAL (
              SELECT id FROM run WHERE run.task_id = task.id AND run.status = known.status AND id > 0
              ORDER BY -id LIMIT 1) AS each) AS newest
          JOIN run ON run.id = newest.id
          WHERE newest.id < :before
          """
              .formatted(ListedRuns.BRIEF.columns()),
          ", task");

  private static final String CREATED = "SELECT created_at FROM run WHERE id = :id";

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

  /**
   * The runs that match a filter.
   *
   * @param texts what is read of their texts
   * @param isSaid whether they have a text
   */
  static String found(String source, int walked, int most, ListedRuns texts, boolean isSaid) {
    // The limits are literals: for a parameter, the planner would expect a tenth of the table. With
    // the OFFSET it reads the runs once, and not once for each task, as it would if it expected
    // very few.
    String rows =
        """
        SELECT %%3$s, found.task
        FROM (
          SELECT walked.id, task.name AS task
          FROM (%1$s) AS walked CROSS JOIN LATERAL (
            SELECT name FROM task WHERE id = walked.task_id AND deleted_at IS NULL OFFSET 0) AS task %%4$s
          WHERE walked.status = ANY (:statuses::text[])
            AND (cardinality(:tasks::text[]) = 0 OR task.name = ANY (:tasks::text[]))
            AND (:code::text IS NULL OR walked.error_code = :code)
            AND (:warning::text IS NULL OR :warning = ANY (walked.warnings))
            AND (:cause::text IS NULL OR walked.trigger::jsonb ->> 'kind' = :cause)
            AND (:parent::text IS NULL OR (walked.trigger::jsonb ->> 'kind' = 'run'
              AND concat(walked.trigger::jsonb ->> 'task', '/', walked.trigger::jsonb ->> 'run') = :parent))
            AND (:from::timestamptz IS NULL OR walked.created_at >= :from)
            AND (:to::timestamptz IS NULL OR walked.created_at < :to)
          ORDER BY -walked.id LIMIT %%2$d) AS found
        JOIN run ON run.id = found.id
        """
            .formatted(source);
    return texts.fitting(
        rows.formatted(walked, most, texts.columns(), isSaid ? SAID : ""), ", task");
  }

  /** The last run that {@link #found} read. */
  static String walked(String source, int walked) {
    String text =
        "SELECT min(id) AS last, count(*) AS runs FROM (%1$s) AS walked".formatted(source);
    return text.formatted(walked);
  }

  /** How many runs one search reads. */
  public static final int MOST_WALKED = 20_000;

  // More, since runs of deleted tasks, and those at the ends of a span of time, are skipped.
  private static final int SPARE = 200;

  // A search by text reads the texts themselves, which takes much longer.
  private static final int TEXTS_AT_ONCE = 500;
  private static final Duration LONGEST_SEARCH = Duration.ofSeconds(2);
  private static final Duration LONGEST_PART = Duration.ofSeconds(8);

  /** How many runs one search by text reads at most. */
  public static final int MOST_TEXTS = 10_000;

  private static final Duration CLOCKS = Duration.ofMinutes(1);

  private final ProfileAccess access;
  private final TaskReader tasks;
  private final BoundedPages pages;
  private final Sql sql;
  private final Json json;
  private final RequestPools pools;

  RunSearch(
      ProfileAccess access,
      TaskReader tasks,
      BoundedPages pages,
      Sql sql,
      Json json,
      RequestPools pools) {
    this.access = access;
    this.tasks = tasks;
    this.pages = pages;
    this.sql = sql;
    this.json = json;
    this.pools = pools;
  }

  public record FoundRun(Run run, String task) {}

  /**
   * Part of a list of runs.
   *
   * @param runs the runs, newest first
   * @param next the id before which the list continues; null at its end
   */
  public record FoundRuns(List<FoundRun> runs, @Nullable Long next) {}

  /**
   * The runs that a search reads.
   *
   * @param taskId their task; null for those of all
   */
  private record Walk(String sql, int walked, @Nullable UUID taskId, long since, long before) {}

  /**
   * Lists some runs of a profile. There may be fewer than requested, although more follow.
   *
   * @param areWhole whether long outputs are whole, and not cut
   * @throws ApiException {@link ErrorCode#PROFILE_NOT_FOUND}, or {@link ErrorCode#TASK_NOT_FOUND}
   *     where the filter names an unknown task, or {@link ErrorCode#UNAVAILABLE} where too much is
   *     searched by texts at the moment
   */
  public FoundRuns search(
      Caller caller, ProfileSlug slug, RunFilter filter, long before, int most, boolean areWhole) {
    return search(caller, slug, filter, before, most, ListedRuns.of(areWhole));
  }

  /**
   * The same for pages: with the beginnings of outputs, and without parameters.
   *
   * @throws ApiException as {@link #search}
   */
  public FoundRuns searchBriefly(
      Caller caller, ProfileSlug slug, RunFilter filter, long before, int most) {
    return search(caller, slug, filter, before, most, ListedRuns.BRIEF);
  }

  private FoundRuns search(
      Caller caller, ProfileSlug slug, RunFilter filter, long before, int most, ListedRuns texts) {
    Profile profile = access.requireForList(caller, slug, Right.SEE_RUNS);
    String task = filter.task();
    Within within =
        new Within(
            profile.id(),
            task == null ? null : taskId(caller, profile, slug, task),
            ProfileAccess.tasksOf(caller, profile));
    WorkOwner owner = WorkOwner.of(caller.username(), profile.id());
    Page<FoundRun, Long> page =
        filter.text() == null
            ? pages.read(
                caller.username(),
                before,
                most,
                (from, left, bytes) ->
                    sql.onOneConnection(
                        one -> search(one, within, filter, from, left, texts, bytes)))
            : pages.read(
                caller.username(),
                before,
                most,
                (from, left, bytes) -> searchText(owner, within, filter, from, left, texts, bytes));
    return new FoundRuns(page.items(), page.next());
  }

  /**
   * What is searched.
   *
   * @param taskId the task whose runs; null for all
   * @param tasks the names of those that the caller may see; empty for all
   */
  private record Within(UUID profileId, @Nullable UUID taskId, List<String> tasks) {}

  // In parts, each with a connection and a turn of its own, so that others get theirs, and what was
  // found is returned when the time is over.
  private Part<FoundRun, Long> searchText(
      WorkOwner owner,
      Within within,
      RunFilter filter,
      long before,
      int most,
      ListedRuns texts,
      long mostBytes) {
    long since = System.nanoTime();
    Rows<FoundRun> found = new Rows<>();
    Long next = before;
    int searched = 0;
    while (next != null
        && found.items().size() < most
        && !found.areCut()
        && searched < MOST_TEXTS
        && System.nanoTime() - since < LONGEST_SEARCH.toNanos()) {
      long from = next;
      int left = most - found.items().size();
      long bytes = mostBytes - found.bytes();
      try {
        Part<FoundRun, Long> part =
            pools
                .search()
                .call(
                    owner,
                    () ->
                        sql.onOneConnection(
                            one -> search(one, within, filter, from, left, texts, bytes)));
        found.addAll(part.rows());
        next = part.next();
      } catch (RuntimeException e) {
        boolean isPassing =
            Outage.isPassing(e)
                || (e instanceof ApiException refusal && refusal.code() == ErrorCode.UNAVAILABLE);
        if (searched == 0 || !isPassing) {
          throw e;
        }
        // A slow part, or a turn that does not come, takes nothing from what was found before it.
        break;
      }
      searched += TEXTS_AT_ONCE;
    }
    if (!found.items().isEmpty()) {
      found.endHere();
    }
    return new Part<>(found, next);
  }

  /** When a run was created that a search has returned; empty where it was removed since. */
  public Optional<Instant> createdAt(long runId) {
    return sql.statement(CREATED).with("id", runId).first(row -> row.time("created_at"));
  }

  /**
   * The runs that a run of a profile has started, newest first, as {@link #searchBriefly} reads
   * them.
   *
   * @throws ApiException {@link ErrorCode#PROFILE_NOT_FOUND}
   */
  public FoundRuns startedBy(Caller caller, ProfileSlug slug, String task, Run run, int most) {
    // A run starts others only while it is live; clocks may differ a bit.
    Instant end = run.finishedAt();
    return search(
        caller,
        slug,
        RunFilter.startedBy(
            task + "/" + run.name(),
            run.createdAt().minus(CLOCKS),
            end == null ? null : end.plus(CLOCKS)),
        Long.MAX_VALUE,
        most,
        ListedRuns.BRIEF);
  }

  /**
   * The newest run of each of some tasks of a profile, as {@link #searchBriefly} reads them; tasks
   * without one are left out.
   *
   * @throws ApiException {@link ErrorCode#PROFILE_NOT_FOUND}
   */
  public List<FoundRun> newest(Caller caller, ProfileSlug slug, List<String> tasks) {
    Profile profile = access.requireForList(caller, slug, Right.SEE_RUNS);
    return pages
        .read(
            caller.username(),
            Long.MAX_VALUE,
            tasks.size(),
            (from, most, bytes) -> newest(profile, tasks, from, bytes))
        .items();
  }

  private Part<FoundRun, Long> newest(
      Profile profile, List<String> tasks, long before, long mostBytes) {
    Rows<FoundRun> found = new Rows<>();
    sql.statement(NEWEST)
        .with("profile_id", profile.id())
        .with("tasks", "text", tasks)
        .with("before", before)
        .with("most_bytes", mostBytes)
        .each(row -> found.add(row, RunSearch::foundRun));
    return new Part<>(found, found.items().isEmpty() ? null : lastOf(found));
  }

  private UUID taskId(Caller caller, Profile profile, ProfileSlug slug, String name) {
    access.checkTask(caller, profile, slug, name);
    return tasks
        .find(profile, name)
        .map(TaskSnapshot::id)
        .orElseThrow(() -> TaskReader.notFound(profile, name));
  }

  private Part<FoundRun, Long> search(
      Sql one,
      Within within,
      RunFilter filter,
      long before,
      int most,
      ListedRuns texts,
      long mostBytes) {
    Walk walk = walk(one, within, filter, before, most);
    String text = filter.text();
    SqlStatement statement =
        one.statement(found(walk.sql, walk.walked, most + 1, texts, text != null));
    if (text != null) {
      statement = statement.with("text", text).with("quoted", quoted(text)).within(LONGEST_PART);
    }
    Rows<FoundRun> found = new Rows<>();
    bound(statement, walk, within.profileId, filter)
        .with("tasks", "text", within.tasks)
        .with("code", filter.code())
        .with("warning", filter.warning())
        .with("cause", filter.cause())
        .with("parent", filter.parent())
        .with("from", filter.from())
        .with("to", filter.to())
        .with("statuses", "text", codes(filter))
        .with("most_bytes", mostBytes)
        .each(row -> found.add(row, RunSearch::foundRun));
    if (found.endAfter(most)) {
      return new Part<>(found, lastOf(found));
    }
    return new Part<>(found, end(one, walk, within.profileId, filter).orElse(null));
  }

  private static Long lastOf(Rows<FoundRun> found) {
    return found.items().getLast().run().id();
  }

  private static FoundRun foundRun(Row row) {
    return new FoundRun(row.as(Run.class), row.text("task"));
  }

  private String quoted(String text) {
    String quoted = json.write(text);
    return quoted.substring(1, quoted.length() - 1);
  }

  private static Walk walk(Sql one, Within within, RunFilter filter, long before, int most) {
    UUID taskId = within.taskId;
    String source = taskId != null ? OF_TASK : filter.areLive() ? OF_PROFILE_LIVE : OF_PROFILE;
    boolean isSelective =
        filter.isByContent()
            || !within.tasks.isEmpty()
            || (taskId == null && filter.statuses().size() < RunStatus.values().length);
    long since = filter.from() == null ? 0 : firstSince(one, filter.from());
    long end = filter.to() == null ? before : Math.min(before, firstSince(one, filter.to()));
    int walked = filter.text() != null ? TEXTS_AT_ONCE : isSelective ? MOST_WALKED : most + SPARE;
    return new Walk(source, walked, taskId, since, end);
  }

  private static long firstSince(Sql one, Instant time) {
    return one.statement(FIRST_SINCE).with("time", time).one(row -> row.number("id"));
  }

  /** Where a search that found too few runs continues. */
  private static Optional<Long> end(Sql one, Walk walk, UUID profileId, RunFilter filter) {
    SqlStatement statement =
        bound(one.statement(walked(walk.sql, walk.walked)), walk, profileId, filter);
    return statement.one(
        row ->
            row.number("runs") < walk.walked
                ? Optional.empty()
                : Optional.ofNullable(row.numberOrNull("last")));
  }

  private static SqlStatement bound(
      SqlStatement statement, Walk walk, UUID profileId, RunFilter filter) {
    SqlStatement spanned = statement.with("after", -walk.before).with("until", -walk.since);
    return walk.taskId == null
        ? spanned.with("profile_id", profileId)
        : spanned.with("task_id", walk.taskId).with("statuses", "text", codes(filter));
  }

  private static List<String> codes(RunFilter filter) {
    return filter.statuses().stream().map(RunStatus::code).toList();
  }
}
