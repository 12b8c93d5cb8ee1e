package dev.errand.runs.live;

import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.limit.ReadBudget.Held;
import dev.errand.runs.history.EntryPage;
import dev.errand.runs.queue.Run;
import dev.errand.runs.queue.RunDelta;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.subscription.BackPressureStrategy;
import io.smallrye.mutiny.subscription.MultiEmitter;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * The server-sent event stream of a run's entries to one client. It reads the next page only when
 * the client has received the last one, so a slow client holds at most one page in memory.
 */
final class EventStream {
  private static final Logger LOG = Logger.getLogger(EventStream.class);
  private static final int RECONNECT_MS = 1000;
  private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);
  // The time in which a client must read the last event before it is disconnected.
  private static final Duration TO_BE_REFUSED = Duration.ofSeconds(1);

  private final WatchSubscription subscription;
  private final Held memory;
  private final WatchConfig config;
  private final Sse sse;
  private final EventForm form;
  private final Supplier<Optional<Run>> ended;
  private final Runnable cut;
  private final CompletableFuture<MultiEmitter<? super OutboundSseEvent>> client =
      new CompletableFuture<>();
  private final Semaphore demand = new Semaphore(0);
  private final long begun = System.nanoTime();
  private volatile boolean gone;
  private boolean hasEnd;
  private long lastSent = begun;
  private int next;

  /**
   * Creates a stream that has not begun.
   *
   * @param subscription the client's subscription, which the stream closes at its end
   * @param memory holds what is read until the client has received it; the stream closes it
   * @param cut closes the connection of a client that has stopped reading
   */
  EventStream(
      WatchSubscription subscription,
      Held memory,
      int next,
      WatchConfig config,
      Sse sse,
      EventForm form,
      Supplier<Optional<Run>> ended,
      Runnable cut) {
    this.subscription = subscription;
    this.memory = memory;
    this.next = next;
    this.config = config;
    this.sse = sse;
    this.form = form;
    this.ended = ended;
    this.cut = cut;
  }

  private static final class GoneException extends Exception {
    private static final long serialVersionUID = 1L;

    GoneException() {
      super("The client has disconnected", null, false, false);
    }
  }

  private static final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    RefusedException() {
      super("The client may no longer watch", null, false, false);
    }
  }

  /** Begins the stream; events are emitted to its first subscriber, on demand. */
  Multi<OutboundSseEvent> begin() {
    // The stream does not wait for a slow client.
    subscription.whenRefused(demand::release);
    Thread.ofVirtual().name("run-events").start(this::run);
    return Multi.createFrom()
        .<OutboundSseEvent>emitter(this::subscribe, BackPressureStrategy.ERROR);
  }

  private void subscribe(MultiEmitter<? super OutboundSseEvent> emitter) {
    emitter.onRequest(number -> demand.release());
    emitter.onTermination(this::leave);
    client.complete(emitter);
    if (gone) {
      emitter.complete();
    }
  }

  private void leave() {
    gone = true;
    subscription.close();
    demand.release();
  }

  private void run() {
    try (subscription;
        memory) {
      // A client that disconnected before the answer began never subscribes.
      MultiEmitter<? super OutboundSseEvent> emitter =
          client.get(config.stalled().toMillis(), TimeUnit.MILLISECONDS);
      try {
        stream(emitter);
        ApiException refusal = subscription.refusal();
        if (refusal != null && !hasEnd) {
          emit(emitter, event("refused", form.refused(refusal)).build(), TO_BE_REFUSED);
        }
      } finally {
        subscription.close();
        emitter.complete();
      }
    } catch (GoneException | ExecutionException | TimeoutException e) {
      LOG.debugf("A client that watched run %d has disconnected", subscription.runId());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      gone = true;
    }
  }

  /** Sends everything until the stream ends, or the client may no longer watch. */
  private void stream(MultiEmitter<? super OutboundSseEvent> emitter)
      throws GoneException, InterruptedException {
    try {
      // A proxy forwards the head of the answer only with the first bytes of its body.
      send(emitter, sse.newEventBuilder().comment("").reconnectDelay(RECONNECT_MS).build());
      boolean more = true;
      while (more) {
        more = follow(emitter) && awaitNews(emitter);
      }
    } catch (RefusedException e) {
      LOG.debugf("A client may no longer watch run %d", subscription.runId());
    }
  }

  /** Sends new entries; false when the run has ended or was removed. */
  private boolean follow(MultiEmitter<? super OutboundSseEvent> emitter)
      throws GoneException, RefusedException, InterruptedException {
    try {
      Optional<EntryPage> page;
      do {
        page = subscription.page(next);
        if (page.isEmpty()) {
          // It may have been removed with its profile or its owner.
          subscription.look();
          return false;
        }
        send(emitter, page.get().entries());
      } while (next < page.get().count());
      if (page.get().isLast()) {
        Optional<Run> end = ended.get();
        if (end.isPresent()) {
          send(emitter, event("end", form.end(end.get())).build());
          hasEnd = true;
          return false;
        }
      }
    } catch (IllegalStateException e) {
      // The stream survives an outage of the database.
      readLater(e);
    } catch (ApiException e) {
      if (e.code() != ErrorCode.UNAVAILABLE) {
        throw e;
      }
      readLater(e);
    }
    Optional<RunDelta> delta = subscription.takeDelta();
    if (delta.isPresent()) {
      send(emitter, event("delta", form.delta(delta.get())).build());
    }
    return true;
  }

  /** Sends entries, if there is memory for them; else it waits, and they are to be read again. */
  private void send(MultiEmitter<? super OutboundSseEvent> emitter, List<String> entries)
      throws GoneException, RefusedException, InterruptedException {
    long characters = entries.stream().mapToLong(String::length).sum();
    if (characters > 0 && !memory.tryHold(characters)) {
      LOG.debugf("There is no memory for a watcher of run %d yet", subscription.runId());
      Thread.sleep(AFTER_FAILURE);
      checkWatches();
      return;
    }
    try {
      for (String entry : entries) {
        send(emitter, event("entry", form.entry(next, entry)).id(Integer.toString(next)).build());
        next++;
      }
      awaitDemand(emitter, config.stalled(), () -> subscription.refusal() != null);
    } finally {
      memory.keep(0);
    }
  }

  private void checkWatches() throws GoneException, RefusedException {
    if (gone) {
      throw new GoneException();
    }
    if (subscription.refusal() != null) {
      throw new RefusedException();
    }
  }

  private void readLater(RuntimeException why) throws InterruptedException {
    LOG.debugf("Run %d could not be read, and will be again: %s", subscription.runId(), why);
    Thread.sleep(AFTER_FAILURE);
  }

  /** Waits for something to send; false when the stream must end. */
  private boolean awaitNews(MultiEmitter<? super OutboundSseEvent> emitter)
      throws GoneException, RefusedException, InterruptedException {
    Duration left = left(begun, config.longest());
    Duration silent = left(lastSent, config.heartbeat());
    if (!left.isPositive()) {
      // For people who read the raw stream; clients reconnect by themselves.
      send(emitter, sse.newEventBuilder().comment("more with Last-Event-ID").build());
      return false;
    }
    if (!subscription.await(silent.compareTo(left) < 0 ? silent : left)) {
      return false;
    }
    if (!left(lastSent, config.heartbeat()).isPositive()) {
      send(emitter, sse.newEventBuilder().comment("").build());
    }
    return true;
  }

  private void send(MultiEmitter<? super OutboundSseEvent> emitter, OutboundSseEvent event)
      throws GoneException, RefusedException, InterruptedException {
    awaitDemand(emitter, config.stalled(), () -> subscription.refusal() != null);
    if (subscription.refusal() != null) {
      throw new RefusedException();
    }
    emitter.emit(event);
    lastSent = System.nanoTime();
  }

  private void emit(
      MultiEmitter<? super OutboundSseEvent> emitter, OutboundSseEvent event, Duration patience)
      throws GoneException, InterruptedException {
    awaitDemand(emitter, patience, () -> false);
    emitter.emit(event);
  }

  /** Waits until the client has received the last event, or has disconnected. */
  private void awaitDemand(
      MultiEmitter<? super OutboundSseEvent> emitter, Duration most, BooleanSupplier isVain)
      throws GoneException, InterruptedException {
    long since = System.nanoTime();
    // The client's connection requests the next event when it has sent the one before.
    while (emitter.requested() == 0 && !gone && !isVain.getAsBoolean()) {
      if (!demand.tryAcquire(Math.max(1, left(since, most).toMillis()), TimeUnit.MILLISECONDS)) {
        cut.run();
        throw new GoneException();
      }
    }
    if (gone) {
      throw new GoneException();
    }
  }

  private static Duration left(long since, Duration of) {
    return of.minusNanos(System.nanoTime() - since);
  }

  private OutboundSseEvent.Builder event(String name, String data) {
    return sse.newEventBuilder().name(name).data(String.class, data);
  }
}
