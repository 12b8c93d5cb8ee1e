package dev.errand.runs.run.watch;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.json.Json;
import dev.errand.runs.queue.record.RunDelta;
import dev.errand.runs.run.archive.RunPage;
import dev.errand.runs.run.archive.RunView;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.subscription.BackPressureStrategy;
import io.smallrye.mutiny.subscription.MultiEmitter;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * One client's stream of a run's entries. It reads on only when the client has taken what was sent,
 * so that a slow one costs a page of entries and no more.
 */
final class EventStream {
  private static final Logger LOG = Logger.getLogger(EventStream.class);
  private static final int RECONNECT_MS = 1000;
  private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);

  private final Watching watching;
  private final WatchConfig config;
  private final Sse sse;
  private final Json json;
  private final Supplier<Optional<RunView>> ended;
  private final Runnable cut;
  private final CompletableFuture<MultiEmitter<? super OutboundSseEvent>> client =
      new CompletableFuture<>();
  private final Semaphore demand = new Semaphore(0);
  private final long begun = System.nanoTime();
  private volatile boolean gone;
  private long lastSent = begun;
  private int next;

  /**
   * A stream that has not begun.
   *
   * @param watching the client's place, which the stream gives up when it is over
   * @param next the number of the first entry to send
   * @param ended the run without its entries, if it has ended
   * @param cut closes the connection of a client that takes nothing more
   */
  EventStream(
      Watching watching,
      int next,
      WatchConfig config,
      Sse sse,
      Json json,
      Supplier<Optional<RunView>> ended,
      Runnable cut) {
    this.watching = watching;
    this.next = next;
    this.config = config;
    this.sse = sse;
    this.json = json;
    this.ended = ended;
    this.cut = cut;
  }

  /** The client is no longer there, or takes nothing. */
  private static final class GoneException extends Exception {
    private static final long serialVersionUID = 1L;

    GoneException() {
      super("The client is gone", null, false, false);
    }
  }

  /** Begins; the events go to the first who wants them, each when it is asked for. */
  Multi<OutboundSseEvent> begin() {
    Thread.ofVirtual().name("run-events").start(this::run);
    return Multi.createFrom().<OutboundSseEvent>emitter(this::wanted, BackPressureStrategy.ERROR);
  }

  private void wanted(MultiEmitter<? super OutboundSseEvent> emitter) {
    emitter.onRequest(number -> demand.release());
    emitter.onTermination(this::leave);
    client.complete(emitter);
    if (gone) {
      emitter.complete();
    }
  }

  /** The client went away. */
  private void leave() {
    gone = true;
    watching.close();
    demand.release();
  }

  private void run() {
    try (watching) {
      // A client that went away before the answer began never comes to want anything.
      MultiEmitter<? super OutboundSseEvent> emitter =
          client.get(config.stalled().toMillis(), TimeUnit.MILLISECONDS);
      try {
        // Something has to be sent for a proxy to hand on that there is an answer.
        send(emitter, sse.newEventBuilder().comment("").reconnectDelay(RECONNECT_MS).build());
        boolean more = true;
        while (more) {
          more = follow(emitter) && awaitNews(emitter);
        }
      } finally {
        watching.close();
        emitter.complete();
      }
    } catch (GoneException | ExecutionException | TimeoutException e) {
      LOG.debugf("A client that watched run %d is gone", watching.runId());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      gone = true;
    }
  }

  /** Sends what there is; false when nothing more will come. */
  private boolean follow(MultiEmitter<? super OutboundSseEvent> emitter)
      throws GoneException, InterruptedException {
    try {
      Optional<RunPage> page;
      do {
        page = watching.page(next);
        if (page.isEmpty()) {
          return false;
        }
        for (String entry : page.get().entries()) {
          send(emitter, event("entry", entry).id(Integer.toString(next)).build());
          next++;
        }
      } while (next < page.get().count());
      if (page.get().isLast()) {
        Optional<RunView> end = ended.get();
        if (end.isPresent()) {
          send(emitter, event("end", json.write(end.get())).build());
          return false;
        }
      }
    } catch (IllegalStateException e) {
      // The database is away, and the stream outlives that.
      LOG.debugf("Run %d could not be read, and will be again: %s", watching.runId(), e);
      Thread.sleep(AFTER_FAILURE);
    }
    Optional<RunDelta> delta = watching.takeDelta();
    if (delta.isPresent()) {
      send(emitter, event("delta", data(delta.get())).build());
    }
    return true;
  }

  /** Waits for something to send; false when the stream is to end. */
  private boolean awaitNews(MultiEmitter<? super OutboundSseEvent> emitter)
      throws GoneException, InterruptedException {
    Duration left = left(begun, config.longest());
    Duration silent = left(lastSent, config.heartbeat());
    if (!left.isPositive()) {
      // For whoever reads the answer as it is; clients come back by themselves.
      send(emitter, sse.newEventBuilder().comment("more with Last-Event-ID").build());
      return false;
    }
    if (!watching.await(silent.compareTo(left) < 0 ? silent : left)) {
      return false;
    }
    if (!left(lastSent, config.heartbeat()).isPositive()) {
      send(emitter, sse.newEventBuilder().comment("").build());
    }
    return true;
  }

  private void send(MultiEmitter<? super OutboundSseEvent> emitter, OutboundSseEvent event)
      throws GoneException, InterruptedException {
    long since = System.nanoTime();
    // The next one is asked for when the one before has left for the client.
    while (emitter.requested() == 0 && !gone) {
      if (!demand.tryAcquire(
          Math.max(1, left(since, config.stalled()).toMillis()), TimeUnit.MILLISECONDS)) {
        cut.run();
        throw new GoneException();
      }
    }
    if (gone) {
      throw new GoneException();
    }
    emitter.emit(event);
    lastSent = System.nanoTime();
  }

  private static Duration left(long since, Duration of) {
    return of.minusNanos(System.nanoTime() - since);
  }

  private OutboundSseEvent.Builder event(String name, String data) {
    return sse.newEventBuilder().name(name).data(String.class, data);
  }

  private String data(RunDelta delta) {
    ObjectNode data = json.object().put("text", delta.text());
    return (delta.restart() ? data.put("restart", true) : data).toString();
  }
}
