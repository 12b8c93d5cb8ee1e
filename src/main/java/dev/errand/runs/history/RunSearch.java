package dev.errand.runs.history;

import dev.errand.base.database.Sql;
import dev.errand.base.database.SqlStatement;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
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
 * returns where to continue, so that its cost does not depend on the number of runs.
 */
@ApplicationScoped
public class RunSearch {
  /** How many runs one search reads. */
  public static final int MOST_WALKED = 20_000;

  // More, since runs of deleted tasks, and those at the ends of a span of time, are skipped.
  private static final int SPARE = 200;

  private static final Duration CLOCKS = Duration.ofMinutes(1);

  private final ProfileAccess access;
  private final TaskReader tasks;
  private final Sql sql;

  RunSearch(ProfileAccess access, TaskReader tasks, Sql sql) {
    this.access = access;
    this.tasks = tasks;
    this.sql = sql;
  }

  public record Listed(Run run, String task) {}

  /**
   * Part of a list of runs.
   *
   * @param runs the runs, newest first
   * @param next the id before which the list continues; null at its end
   */
  public record Found(List<Listed> runs, @Nullable Long next) {}

  /**
   * The runs that a search reads.
   *
   * @param taskId their task; null for those of all
   */
  private record Walk(String sql, int walked, @Nullable UUID taskId, long since, long before) {}

  /**
   * Lists some runs of a profile. There may be fewer than requested, although more follow.
   *
   * @throws ApiException {@link ErrorCode#PROFILE_NOT_FOUND}, or {@link ErrorCode#TASK_NOT_FOUND}
   *     where the filter names an unknown task
   */
  public Found search(Caller caller, ProfileSlug slug, RunFilter filter, long before, int most) {
    Profile profile = access.requireForList(caller, slug, Right.SEE_RUNS);
    String task = filter.task();
    UUID taskId = task == null ? null : taskId(caller, profile, slug, task);
    List<String> tasks = limits(caller, profile);
    return sql.onOneConnection(
        one -> search(one, profile.id(), taskId, tasks, filter, before, most));
  }

  /**
   * The runs that a run of a profile has started, newest first.
   *
   * @throws ApiException {@link ErrorCode#PROFILE_NOT_FOUND}
   */
  public Found startedBy(Caller caller, ProfileSlug slug, String task, Run run, int most) {
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
        most);
  }

  /**
   * The newest run of each of some tasks of a profile; tasks without one are left out.
   *
   * @throws ApiException {@link ErrorCode#PROFILE_NOT_FOUND}
   */
  public List<Listed> newest(Caller caller, ProfileSlug slug, List<String> tasks) {
    Profile profile = access.requireForList(caller, slug, Right.SEE_RUNS);
    return sql.statement(SearchStatements.NEWEST)
        .with("profile_id", profile.id())
        .with("tasks", "text", tasks)
        .list(row -> new Listed(Run.of(row), row.text("task")));
  }

  private UUID taskId(Caller caller, Profile profile, ProfileSlug slug, String name) {
    return tasks
        .find(profile, name)
        .filter(task -> ProfileAccess.coversTask(caller, profile, slug, task.name()))
        .map(TaskSnapshot::id)
        .orElseThrow(() -> TaskReader.notFound(profile, name));
  }

  /** The tasks that a credential is limited to, by name; empty for no limit. */
  private static List<String> limits(Caller caller, Profile profile) {
    String prefix = profile.slug() + "/";
    return caller.rights().tasks().stream()
        .filter(task -> task.startsWith(prefix))
        .map(task -> task.substring(prefix.length()))
        .toList();
  }

  private static Found search(
      Sql one,
      UUID profileId,
      @Nullable UUID taskId,
      List<String> tasks,
      RunFilter filter,
      long before,
      int most) {
    Walk walk = walk(one, taskId, tasks, filter, before, most);
    List<Listed> found =
        bound(
                one.statement(SearchStatements.found(walk.sql, walk.walked, most + 1)),
                walk,
                profileId,
                filter)
            .with("tasks", "text", tasks)
            .with("code", filter.code())
            .with("cause", filter.cause())
            .with("parent", filter.parent())
            .with("from", filter.from())
            .with("to", filter.to())
            .with("statuses", "text", codes(filter))
            .list(row -> new Listed(Run.of(row), row.text("task")));
    if (found.size() > most) {
      List<Listed> page = List.copyOf(found.subList(0, most));
      return new Found(page, page.getLast().run().id());
    }
    return new Found(found, end(one, walk, profileId, filter).orElse(null));
  }

  private static Walk walk(
      Sql one, @Nullable UUID taskId, List<String> tasks, RunFilter filter, long before, int most) {
    String source =
        taskId != null
            ? SearchStatements.OF_TASK
            : filter.areLive() ? SearchStatements.OF_PROFILE_LIVE : SearchStatements.OF_PROFILE;
    boolean isSelective =
        filter.isByContent()
            || !tasks.isEmpty()
            || (taskId == null && filter.statuses().size() < RunStatus.values().length);
    long since = filter.from() == null ? 0 : firstSince(one, filter.from());
    long end = filter.to() == null ? before : Math.min(before, firstSince(one, filter.to()));
    return new Walk(source, isSelective ? MOST_WALKED : most + SPARE, taskId, since, end);
  }

  private static long firstSince(Sql one, Instant time) {
    return one.statement(SearchStatements.FIRST_SINCE)
        .with("time", time)
        .one(row -> row.number("id"));
  }

  /** Where a search that found too few runs continues. */
  private static Optional<Long> end(Sql one, Walk walk, UUID profileId, RunFilter filter) {
    SqlStatement statement =
        bound(
            one.statement(SearchStatements.walked(walk.sql, walk.walked)), walk, profileId, filter);
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
