package dev.errand.runs.lifecycle;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.limit.BoundedPages;
import dev.errand.base.limit.BoundedPages.Page;
import dev.errand.base.limit.FittingItems;
import dev.errand.base.turn.WorkOwner;
import dev.errand.identity.account.Caller;
import dev.errand.identity.auth.NeededAccess;
import dev.errand.identity.profile.ProfileSlug;
import dev.errand.identity.profile.Right;
import dev.errand.runs.entry.RunCause;
import dev.errand.runs.history.EntryReader;
import dev.errand.runs.history.RunArchive;
import dev.errand.runs.history.RunEntries;
import dev.errand.runs.history.RunReader;
import dev.errand.runs.history.RunSizes;
import dev.errand.runs.live.RunWatchers;
import dev.errand.runs.queue.Run;
import dev.errand.runs.queue.RunStatus;
import dev.errand.runs.task.TaskAccess;
import dev.errand.runs.task.TaskSnapshot;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The operations on runs: start, list, get, wait for, cancel, retry. */
@Singleton
public class RunService {
  /**
   * The note of a known run that has other parameters than the request. It has no comma: on AWS
   * Lambda, a header's value is divided at each.
   */
  public static final String OTHER_PARAMETERS =
      "A run of this name was started before with other parameters and keeps them; use a new name"
          + " to start another run.";

  private static final Set<ErrorCode> MAY_NOT =
      EnumSet.of(
          ErrorCode.UNAUTHENTICATED,
          ErrorCode.SCOPE_MISSING,
          ErrorCode.ROLE_MISSING,
          ErrorCode.PROFILE_NOT_FOUND);

  private final TaskAccess tasks;
  private final RunStarter starter;
  private final RunArchive archive;
  private final RunWatchers watchers;
  private final CancelAndRetry changes;
  private final RunReader reader;
  private final BoundedPages pages;
  private final FittingItems memory;

  RunService(
      TaskAccess tasks,
      RunStarter starter,
      RunArchive archive,
      RunWatchers watchers,
      CancelAndRetry changes,
      RunReader reader,
      BoundedPages pages,
      FittingItems memory) {
    this.tasks = tasks;
    this.starter = starter;
    this.archive = archive;
    this.watchers = watchers;
    this.changes = changes;
    this.reader = reader;
    this.pages = pages;
    this.memory = memory;
  }

  /** Which runs are returned with their entries. */
  public enum Entries {
    NONE,
    OF_ENDED,
    ALL;

    private boolean areWanted(Run run) {
      return this == ALL || (this == OF_ENDED && run.status().isEnd());
    }
  }

  /**
   * A run with its entries.
   *
   * @param entries its entries; null where they were not asked for
   */
  public record RunDetail(Run run, @Nullable RunEntries entries) {}

  /**
   * Part of a list of runs.
   *
   * @param runs the runs, newest first
   * @param next the id before which the list continues; null at its end
   */
  public record RunList(List<RunDetail> runs, @Nullable Long next) {}

  /**
   * The result of a request to start a run.
   *
   * @param started whether this request started it; false when a run of that name existed
   * @param note a note about an unexpected part of the answer; null for none
   */
  public record Started(RunDetail run, boolean started, @Nullable String note) {}

  /**
   * Lists a page of the task's runs, newest first. There may be fewer than requested, although more
   * follow.
   *
   * @param areWhole whether long outputs are whole, and not cut
   * @param wanted which of them are returned with their entries
   * @throws ApiException {@link ErrorCode#PROFILE_NOT_FOUND} or {@link ErrorCode#TASK_NOT_FOUND}
   */
  public RunList list(
      Caller caller,
      ProfileSlug profile,
      String task,
      Set<RunStatus> statuses,
      long before,
      int most,
      boolean areWhole,
      Entries wanted) {
    UUID id = tasks.require(caller, profile, task, Right.SEE_RUNS).id();
    Page<Run, Long> page =
        pages.read(
            caller.username(),
            before,
            most,
            (from, left, bytes) -> archive.list(id, statuses, from, left, areWhole, bytes));
    if (wanted == Entries.NONE || page.items().isEmpty()) {
      return new RunList(
          page.items().stream().map(run -> new RunDetail(run, null)).toList(), page.next());
    }
    RunArchive.Fitting fitting =
        archive.fitting(
            page.items().stream().map(run -> wanted.areWanted(run) ? run.id() : 0).toList(),
            pages.mostBytes());
    memory.holdHeap(caller.username(), EntryReader.heap(fitting.bytes()));
    List<RunDetail> details =
        page.items().subList(0, fitting.runs()).stream()
            .map(run -> withEntries(caller, run, wanted))
            .toList();
    return fitting.runs() < page.items().size()
        ? new RunList(details, details.getLast().run().id())
        : new RunList(details, page.next());
  }

  /**
   * Finds the run of that name.
   *
   * @throws ApiException {@link ErrorCode#PROFILE_NOT_FOUND}, {@link ErrorCode#TASK_NOT_FOUND},
   *     {@link ErrorCode#RUN_NOT_FOUND} or {@link ErrorCode#RUN_GONE}
   */
  public RunDetail get(
      Caller caller, ProfileSlug profile, String task, String run, Entries wanted) {
    return detail(
        caller, find(caller, tasks.require(caller, profile, task, Right.SEE_RUNS), run), wanted);
  }

  /**
   * Finds the run of that name, with the beginning of its output where that is long.
   *
   * @throws ApiException as {@link #get}
   */
  public Run getBriefly(Caller caller, ProfileSlug profile, String task, String run) {
    TaskSnapshot snapshot = tasks.require(caller, profile, task, Right.SEE_RUNS);
    return reader
        .briefly(caller.username(), snapshot, run)
        .orElseThrow(() -> RunArchive.notFound(snapshot, run));
  }

  /**
   * A run without its parameters and its output.
   *
   * @param sizes how many bytes these have
   */
  public record SizedRun(Run run, RunSizes sizes) {}

  /**
   * Finds the run of that name without what may be long.
   *
   * @throws ApiException as {@link #get}
   */
  public SizedRun getSized(Caller caller, ProfileSlug profile, String task, String run) {
    Run found = archive.require(tasks.require(caller, profile, task, Right.SEE_RUNS), run);
    return new SizedRun(found, archive.sizes(found.id()));
  }

  /**
   * Finds the run of that name, for which the caller holds memory already; with the beginning of
   * its output where all of the run is longer, as {@link RunReader#within}.
   *
   * @param most for how many bytes
   * @throws ApiException as {@link #get}
   */
  public Run getWithin(Caller caller, ProfileSlug profile, String task, String run, long most) {
    TaskSnapshot snapshot = tasks.require(caller, profile, task, Right.SEE_RUNS);
    return reader.within(most, snapshot, run).orElseThrow(() -> RunArchive.notFound(snapshot, run));
  }

  private Run find(Caller caller, TaskSnapshot task, String run) {
    return reader
        .whole(caller.username(), task, run)
        .orElseThrow(() -> RunArchive.notFound(task, run));
  }

  /**
   * Waits for a run to end, and returns it as it is then or when the time is over.
   *
   * @param gone receives an action that ends the wait early, to be run when the client disconnects
   * @throws ApiException as {@link #get}, also when the caller loses access to the run while
   *     waiting, {@link ErrorCode#UNAVAILABLE} when too many requests wait already, and {@link
   *     ErrorCode#RATE_LIMITED} when too many of the caller's do
   */
  public RunDetail await(
      Caller caller,
      ProfileSlug profile,
      String task,
      String run,
      Entries wanted,
      Duration most,
      Consumer<Runnable> gone)
      throws InterruptedException {
    return detail(caller, await(caller, profile, task, run, false, most, gone), wanted);
  }

  /**
   * Waits as {@link #await} does, and returns also when the run waits for a person: nothing else
   * makes it go on.
   *
   * @throws ApiException as there
   */
  public Run awaitEndOrPerson(
      Caller caller,
      ProfileSlug profile,
      String task,
      String run,
      Duration most,
      Consumer<Runnable> gone)
      throws InterruptedException {
    return await(caller, profile, task, run, true, most, gone);
  }

  private Run await(
      Caller caller,
      ProfileSlug profile,
      String task,
      String run,
      boolean orWaits,
      Duration most,
      Consumer<Runnable> gone)
      throws InterruptedException {
    TaskSnapshot snapshot = tasks.require(caller, profile, task, Right.SEE_RUNS);
    if (most.isPositive()) {
      Run found = archive.require(snapshot, run);
      if (!found.status().isEnd()) {
        watchers.awaitEnd(
            found,
            NeededAccess.toTask(
                caller, snapshot.profile().id(), profile, snapshot.name(), Right.SEE_RUNS),
            orWaits,
            most,
            gone);
      }
    }
    return find(caller, snapshot, run);
  }

  /**
   * Waits for a run that a request started or found, as {@link #await} does with all entries.
   *
   * @param started the result of the request, of which the run is returned as it was started where
   *     too many requests wait already
   * @throws ApiException when the caller loses access to the run while waiting, as for a new
   *     request
   */
  public RunDetail awaitStarted(
      Caller caller,
      ProfileSlug profile,
      String task,
      Started started,
      Duration most,
      Consumer<Runnable> gone)
      throws InterruptedException {
    String name = started.run().run().name();
    try {
      return await(caller, profile, task, name, Entries.ALL, most, gone);
    } catch (ApiException e) {
      if (MAY_NOT.contains(e.code())) {
        throw e;
      }
      // The run continues: an error would suggest that nothing was started.
      return started.started() ? started.run() : get(caller, profile, task, name, Entries.ALL);
    }
  }

  /**
   * Starts a run of that name, or finds the existing one, whatever the parameters.
   *
   * @return the result; a run that existed is without its parameters, its output and its entries,
   *     which {@link #shown} reads
   * @throws ApiException when it can't be started; nothing is stored then
   */
  public Started start(
      Caller caller,
      ProfileSlug profile,
      String task,
      String run,
      Supplier<ObjectNode> parameters) {
    return started(
        starter.byRequest(
            RunCause.By.of(caller),
            tasks.require(caller, profile, task, Right.RUN),
            run,
            parameters));
  }

  /**
   * A run that a request started, as it was then, or all of the one that it found.
   *
   * @throws ApiException as {@link #get}
   */
  public RunDetail shown(Caller caller, ProfileSlug profile, String task, Started started) {
    return started.started()
        ? started.run()
        : shown(
            caller,
            tasks.require(caller, profile, task, Right.RUN),
            started.run().run().name(),
            Entries.ALL);
  }

  private RunDetail shown(Caller caller, TaskSnapshot task, String run, Entries wanted) {
    return detail(caller, find(caller, task, run), wanted);
  }

  private RunDetail shownAsFits(Caller caller, TaskSnapshot task, String run, Entries wanted) {
    try {
      return shown(caller, task, run, wanted);
    } catch (ApiException e) {
      if (e.code() != ErrorCode.UNAVAILABLE) {
        throw e;
      }
      // An error would suggest that nothing was changed.
      return archive
          .briefly(archive.require(task, run).id())
          .map(brief -> new RunDetail(brief, null))
          .orElseThrow(() -> e);
    }
  }

  /**
   * Starts a run from an order instead of a request, or finds the existing one of that name.
   *
   * @return the result; a run that existed has all of its output, and no entries
   * @throws ApiException as {@link #start(Caller, ProfileSlug, String, String, Supplier)}
   */
  public Started start(Caller caller, ProfileSlug profile, String task, RunStarter.Order order) {
    TaskSnapshot snapshot = tasks.require(caller, profile, task, Right.RUN);
    RunName.check(order.name());
    Started started = started(starter.start(snapshot, order));
    return started.started()
        ? started
        : new Started(shown(caller, snapshot, order.name(), Entries.NONE), false, started.note());
  }

  /**
   * Cancels a run, which keeps its entries; a run that has ended stays as it is.
   *
   * @throws ApiException as {@link #get}
   */
  public void cancel(Caller caller, ProfileSlug profile, String task, String run) {
    changes.cancel(caller, tasks.require(caller, profile, task, Right.RUN), run);
  }

  /**
   * Cancels a run as {@link #cancel} does, and shows it; without its entries and with the beginning
   * of its output where there is no memory for more, since it is cancelled.
   *
   * @throws ApiException as {@link #get}
   */
  public RunDetail cancelled(
      Caller caller, ProfileSlug profile, String task, String run, Entries wanted) {
    TaskSnapshot snapshot = tasks.require(caller, profile, task, Right.RUN);
    changes.cancel(caller, snapshot, run);
    return shownAsFits(caller, snapshot, run, wanted);
  }

  /**
   * Retries a failed run: it continues from its last entry.
   *
   * @throws ApiException as {@link #get}, and when it has not ended, is ready, or can't be started
   *     now
   */
  public void retry(Caller caller, ProfileSlug profile, String task, String run) {
    changes.retry(caller, tasks.require(caller, profile, task, Right.RUN), run);
  }

  /**
   * Retries a run as {@link #retry} does, and shows it as {@link #cancelled} does.
   *
   * @throws ApiException as there
   */
  public RunDetail retried(Caller caller, ProfileSlug profile, String task, String run) {
    TaskSnapshot snapshot = tasks.require(caller, profile, task, Right.RUN);
    changes.retry(caller, snapshot, run);
    return shownAsFits(caller, snapshot, run, Entries.ALL);
  }

  private static Started started(RunStarter.StartedRun started) {
    List<String> begun = started.entries();
    return new Started(
        new RunDetail(started.run(), begun == null ? null : RunEntries.of(begun)),
        started.started(),
        started.otherParameters() ? OTHER_PARAMETERS : null);
  }

  /** A run, for whose entries memory is held until they were sent. */
  private RunDetail detail(Caller caller, Run run, Entries wanted) {
    if (wanted.areWanted(run)) {
      memory.holdHeap(
          caller.username(), EntryReader.heap(archive.sizeOfEntries(run.id(), run.entryCount())));
    }
    return withEntries(caller, run, wanted);
  }

  private RunDetail withEntries(Caller caller, Run run, Entries wanted) {
    return new RunDetail(
        run,
        wanted.areWanted(run) ? archive.entries(WorkOwner.user(caller.username()), run) : null);
  }
}
