package dev.errand.runs.live;

import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.identity.account.Caller;
import dev.errand.identity.auth.NeededAccess;
import dev.errand.identity.profile.ProfileSlug;
import dev.errand.identity.profile.Right;
import dev.errand.runs.history.RunArchive;
import dev.errand.runs.queue.Run;
import dev.errand.runs.task.TaskAccess;
import dev.errand.runs.task.TaskSnapshot;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The operation of watching a run: its entries as they are written, and its end. */
@ApplicationScoped
public class WatchService {
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");

  private final TaskAccess tasks;
  private final RunArchive archive;
  private final RunWatchers watchers;

  WatchService(TaskAccess tasks, RunArchive archive, RunWatchers watchers) {
    this.tasks = tasks;
    this.archive = archive;
    this.watchers = watchers;
  }

  /**
   * A watched run.
   *
   * @param subscription the subscription, which the watcher closes
   * @param next the number of the first entry that the watcher does not have
   */
  public record Watched(WatchSubscription subscription, int next) {}

  /**
   * Begins to watch a run, as long as the caller may.
   *
   * @param last the number of the last entry that the watcher has; null or empty for none
   * @throws ApiException {@link ErrorCode#PROFILE_NOT_FOUND}, {@link ErrorCode#TASK_NOT_FOUND},
   *     {@link ErrorCode#RUN_NOT_FOUND}, {@link ErrorCode#RUN_GONE}, {@link ErrorCode#UNAVAILABLE}
   *     when too many requests watch already, {@link ErrorCode#RATE_LIMITED} when too many of the
   *     caller's do, or when the run has no such entry
   */
  public Watched watch(
      Caller caller,
      ProfileSlug profile,
      String task,
      String run,
      String field,
      @Nullable String last) {
    TaskSnapshot snapshot = tasks.require(caller, profile, task, Right.SEE_RUNS);
    Run found = archive.require(snapshot, run);
    int next = last == null || last.isEmpty() ? 0 : after(found, field, last);
    NeededAccess needed =
        NeededAccess.toTask(
            caller, snapshot.profile().id(), profile, snapshot.name(), Right.SEE_RUNS);
    return new Watched(watchers.watch(found.id(), needed), next);
  }

  /** The watched run, if it has ended, with the beginning of a long output. */
  public Optional<Run> ended(WatchSubscription subscription) {
    return archive.briefly(subscription.runId()).filter(now -> now.status().isEnd());
  }

  private int after(Run run, String field, String id) {
    int next = NUMBER.matcher(id).matches() ? Integer.parseInt(id) + 1 : 0;
    int count = run.entryCount();
    if (next < 1 || next > count) {
      throw ApiException.invalid(
          field, "must be the id of an event of this run, which are 0 to " + (count - 1));
    }
    return next;
  }
}
