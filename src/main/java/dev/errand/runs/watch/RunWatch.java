package dev.errand.runs.watch;

import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.identity.auth.LongRequests;
import dev.errand.identity.auth.NeededAccess;
import dev.errand.runs.history.RunPage;
import dev.errand.runs.history.RunPages;
import dev.errand.runs.history.RunPages.State;
import dev.errand.runs.history.RunPages.Wanted;
import dev.errand.runs.queue.Run;
import dev.errand.runs.queue.RunChanged;
import dev.errand.runs.queue.RunDelta;
import dev.errand.runs.watch.WatchPlaces.Holder;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.TransactionPhase;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import javax.sql.DataSource;

/**
 * The registry of this process's watchers of runs. They are notified at once of changes that this
 * process makes, and through the {@link RunChangePoller} of changes by others. A waiting watcher
 * holds no database connection.
 */
@ApplicationScoped
public class RunWatch {
  // How many pages one statement reads at most: each has one entry, however large it is.
  private static final int MOST_PAGES = 32;
  private static final int MOST_STATES = 1000;
  private static final Duration TO_LEAVE = Duration.ofSeconds(5);

  private final SharedReads<Wanted, Optional<RunPage>> pages;
  private final SharedReads<Long, Optional<State>> states;
  private final RunChangePoller poller;
  private final String origin = UUID.randomUUID().toString();
  private final ConcurrentMap<Long, WatchedRun> runs = new ConcurrentHashMap<>();
  private final WrittenTexts written = new WrittenTexts();
  private final WatchPlaces places;
  private final LongRequests requests;
  private volatile boolean stopping;

  RunWatch(RunPages pages, DataSource database, WatchConfig config, LongRequests requests) {
    this.pages = new SharedReads<>("watch-pages", MOST_PAGES, pages::pages);
    this.states = new SharedReads<>("watch-states", MOST_STATES, pages::states);
    this.requests = requests;
    this.places =
        new WatchPlaces(
            config.most(),
            "Too many requests wait for runs here: try again, or send the request without waiting.",
            "Too many of your requests wait for runs or watch them: end some, or send the request"
                + " without waiting.");
    this.poller = new RunChangePoller(this, database, config.poll());
  }

  /**
   * Begins to watch a run.
   *
   * @throws ApiException {@link ErrorCode#UNAVAILABLE} when too many requests watch already, or the
   *     process stops; {@link ErrorCode#RATE_LIMITED} when too many of the holder's do
   */
  Watching watch(long runId, Holder holder) {
    if (stopping) {
      throw places.full();
    }
    WatchPlaces.Place place = places.take(holder);
    AtomicReference<Watching> added = new AtomicReference<>();
    written.join(
        runId,
        soFar ->
            runs.compute(
                runId,
                (id, known) -> {
                  WatchedRun run = known == null ? new WatchedRun(id, pages, states) : known;
                  added.set(new Watching(run, this, place, soFar));
                  run.add(added.get());
                  return run;
                }));
    Watching watching = added.get();
    if (stopping) {
      watching.end();
    }
    poller.open();
    return watching;
  }

  /**
   * Begins to watch a run, as long as the caller may.
   *
   * @throws ApiException as {@link #watch(long, Holder)}
   */
  Watching watch(long runId, NeededAccess needed) {
    Watching watching = watch(runId, Holder.user(needed.caller().id()));
    watching.needs(needed, requests);
    return watching;
  }

  /**
   * Waits as {@link #awaitEnd(Run, Holder, Duration, Consumer)} does, as long as the caller may.
   *
   * @throws ApiException as there; when the caller loses access, the error that a new request would
   *     get
   */
  public void awaitEnd(Run run, NeededAccess needed, Duration most, Consumer<Runnable> gone)
      throws InterruptedException {
    try (Watching watching = watch(run.id(), needed)) {
      gone.accept(watching::end);
      watching.awaitOver(most);
      if (watching.isRemoved()) {
        // It may have been removed with its profile or its owner.
        watching.look();
      }
      ApiException refusal = watching.refusal();
      if (refusal != null) {
        throw refusal;
      }
    }
  }

  /**
   * Waits until a run has ended or was removed, the time is over, or the client disconnected. For
   * waits without a session or token.
   *
   * @param gone receives an action that ends the wait early
   * @throws ApiException as {@link #watch(long, Holder)}
   */
  public void awaitEnd(Run run, Holder holder, Duration most, Consumer<Runnable> gone)
      throws InterruptedException {
    try (Watching watching = watch(run.id(), holder)) {
      gone.accept(watching::end);
      watching.awaitOver(most);
    }
  }

  int watchers() {
    return places.taken();
  }

  /** The random id of this process, which marks the pieces that it publishes. */
  String origin() {
    return origin;
  }

  void hint(@Observes(during = TransactionPhase.AFTER_SUCCESS) RunChanged event) {
    written.remove(event.runId());
    WatchedRun run = runs.get(event.runId());
    if (run != null) {
      run.changed();
    }
  }

  /** Passes on a piece of text that this process received from a model. */
  void wrote(RunDelta delta) {
    written.add(delta, this::received);
  }

  /** Marks that this process receives no more of an answer. */
  void stopped(long runId) {
    written.remove(runId);
  }

  void received(RunDelta delta) {
    WatchedRun run = runs.get(delta.runId());
    if (run != null) {
      run.received(delta);
    }
  }

  Set<Long> watched() {
    return runs.keySet();
  }

  /** Passes on the states of watched runs; runs that were removed have none. */
  void seen(Set<Long> asked, Map<Long, State> states) {
    for (Long id : asked) {
      WatchedRun run = runs.get(id);
      if (run != null) {
        run.seen(states.get(id));
      }
    }
  }

  void remove(Watching watching) {
    runs.computeIfPresent(
        watching.runId(),
        (id, run) -> {
          run.remove(watching);
          return run.isWatched() ? run : null;
        });
    watching.place().close();
  }

  // Before the workers stop, which may take a while: disconnected clients can reach another process
  // meanwhile.
  void stop(@Observes @Priority(1000) ShutdownEvent event) throws InterruptedException {
    endAll();
    places.awaitAllFree(TO_LEAVE);
    poller.close();
  }

  // The server waits for open requests, and these streams would not end by themselves.
  void leave(@Observes ShutdownDelayInitiatedEvent event) {
    endAll();
  }

  private void endAll() {
    stopping = true;
    runs.values().forEach(WatchedRun::end);
  }
}
