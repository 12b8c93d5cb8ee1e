package dev.errand.runs.live;

import dev.errand.base.background.SharedReads;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.turn.WorkOwner;
import dev.errand.identity.auth.LongRequests;
import dev.errand.identity.auth.NeededAccess;
import dev.errand.runs.history.EntryPage;
import dev.errand.runs.history.EntryPages;
import dev.errand.runs.history.EntryPages.RequestedPage;
import dev.errand.runs.history.EntryPages.State;
import dev.errand.runs.live.LongRequestPlaces.Holder;
import dev.errand.runs.queue.Run;
import dev.errand.runs.queue.RunChanged;
import dev.errand.runs.queue.RunDelta;
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
public class RunWatchers {
  // How many pages one statement reads at most: each has one entry, however large it is.
  private static final int MOST_PAGES = 32;
  private static final int MOST_STATES = 1000;
  // Watchers can wait, and take one connection for each kind of read.
  private static final Duration GATHER = Duration.ofMillis(10);
  private static final Duration TO_LEAVE = Duration.ofSeconds(5);

  private final SharedReads<RequestedPage, Optional<EntryPage>> pages;
  private final SharedReads<Long, Optional<State>> states;
  private final RunChangePoller poller;
  private final String origin = UUID.randomUUID().toString();
  private final ConcurrentMap<Long, WatchedRun> runs = new ConcurrentHashMap<>();
  private final UnfinishedAnswers unfinished = new UnfinishedAnswers();
  private final LongRequestPlaces places;
  private final LongRequests requests;
  private volatile boolean stopping;

  RunWatchers(EntryPages pages, DataSource database, WatchConfig config, LongRequests requests) {
    // What one statement reads is of several users.
    this.pages =
        new SharedReads<>(
            "watch-pages", 1, MOST_PAGES, GATHER, wanted -> pages.pages(WorkOwner.NOBODY, wanted));
    this.states = new SharedReads<>("watch-states", 1, MOST_STATES, GATHER, pages::states);
    this.requests = requests;
    this.places =
        new LongRequestPlaces(
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
  WatchSubscription watch(long runId, Holder holder) {
    if (stopping) {
      throw places.full();
    }
    LongRequestPlaces.Place place = places.take(holder);
    AtomicReference<WatchSubscription> added = new AtomicReference<>();
    unfinished.join(
        runId,
        soFar ->
            runs.compute(
                runId,
                (id, known) -> {
                  WatchedRun run = known == null ? new WatchedRun(id, pages, states) : known;
                  added.set(new WatchSubscription(run, this, place, soFar));
                  run.add(added.get());
                  return run;
                }));
    WatchSubscription subscription = added.get();
    if (stopping) {
      subscription.end();
    }
    poller.open();
    return subscription;
  }

  /**
   * Begins to watch a run, as long as the caller may.
   *
   * @throws ApiException as {@link #watch(long, Holder)}
   */
  WatchSubscription watch(long runId, NeededAccess needed) {
    WatchSubscription subscription = watch(runId, Holder.user(needed.caller().id()));
    subscription.needs(needed, requests);
    return subscription;
  }

  /**
   * Waits as {@link #awaitEnd(Run, Holder, Duration, Consumer)} does, as long as the caller may.
   *
   * @param orWaits whether to return also when the run waits for a person
   * @throws ApiException as there; when the caller loses access, the error that a new request would
   *     get
   */
  public void awaitEnd(
      Run run, NeededAccess needed, boolean orWaits, Duration most, Consumer<Runnable> gone)
      throws InterruptedException {
    try (WatchSubscription subscription = watch(run.id(), needed)) {
      gone.accept(subscription::end);
      subscription.awaitOver(most, orWaits);
      if (subscription.isRemoved()) {
        // It may have been removed with its profile or its owner.
        subscription.look();
      }
      ApiException refusal = subscription.refusal();
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
    try (WatchSubscription subscription = watch(run.id(), holder)) {
      gone.accept(subscription::end);
      subscription.awaitOver(most, false);
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
    unfinished.remove(event.runId());
    WatchedRun run = runs.get(event.runId());
    if (run != null) {
      run.changed();
    }
  }

  /** Passes on a piece of text that this process received from a model. */
  void wrote(RunDelta delta) {
    unfinished.add(delta, this::received);
  }

  /** Marks that this process receives no more of an answer. */
  void stopped(long runId) {
    unfinished.remove(runId);
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

  void remove(WatchSubscription subscription) {
    runs.computeIfPresent(
        subscription.runId(),
        (id, run) -> {
          run.remove(subscription);
          return run.isWatched() ? run : null;
        });
    subscription.place().close();
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
