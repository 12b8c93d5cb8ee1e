package dev.errand.tools.mcp.wire;

import dev.errand.tools.mcp.wire.StreamableHttp.Heard;
import dev.errand.tools.mcp.wire.StreamableHttp.Listening;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The stream on which a server of an older revision sends requests that belong to no call of the
 * client. It is open while calls are under way, since a call may wait for the answer to such a
 * request, and for a while after the last one, which a next one may follow. Thread-safe.
 */
final class SessionStream {
  // Most servers open it at once, or say that there is none.
  private static final Duration LONGEST_OPENING = Duration.ofMillis(500);
  private static final Duration KEPT_OPEN = Duration.ofSeconds(10);
  private static final int MOST_FAILURES = 3;

  private boolean mayBe;
  private int calls;
  private long lastCall;
  private @Nullable Thread listener;
  private @Nullable Thread closer;
  private CountDownLatch opened = new CountDownLatch(0);

  /**
   * @param mayBe whether the server may have one
   */
  SessionStream(boolean mayBe) {
    this.mayBe = mayBe;
  }

  /** Listens until the stream ends. */
  @FunctionalInterface
  interface Source {
    Heard listen(Listening known, Runnable opened) throws InterruptedException;
  }

  /** A call that is under way. */
  interface Call extends AutoCloseable {
    @Override
    void close();
  }

  /**
   * Begins a call: opens the stream if it is not open, and waits until it is, but not for long.
   *
   * @param source listens to it
   * @param known what is read of it
   */
  Call begin(Source source, Listening known, Duration most) throws InterruptedException {
    CountDownLatch open;
    synchronized (this) {
      calls++;
      if (mayBe && listener == null) {
        CountDownLatch now = new CountDownLatch(1);
        opened = now;
        listener = Thread.startVirtualThread(() -> listen(source, known, now));
      }
      open = opened;
    }
    boolean isWaiting = true;
    try {
      long ms = Math.min(most.toMillis(), LONGEST_OPENING.toMillis());
      if (!open.await(ms, TimeUnit.MILLISECONDS)) {
        // Others need not wait, too.
        open.countDown();
      }
      isWaiting = false;
    } finally {
      if (isWaiting) {
        end();
      }
    }
    return this::end;
  }

  private void listen(Source source, Listening known, CountDownLatch open) {
    int failures = 0;
    try {
      while (failures < MOST_FAILURES) {
        Heard heard = source.listen(known, open::countDown);
        open.countDown();
        if (heard == Heard.NONE) {
          none();
          return;
        }
        failures = heard == Heard.ENDED ? 0 : failures + 1;
        Thread.sleep(known.retry());
        if (goneIfUnused()) {
          return;
        }
      }
    } catch (InterruptedException e) {
      // It is no longer needed.
    } finally {
      open.countDown();
      gone();
    }
  }

  private synchronized void none() {
    mayBe = false;
  }

  // At once, or a call that begins now would take it for one that listens.
  private synchronized boolean goneIfUnused() {
    if (calls == 0) {
      gone();
    }
    return calls == 0;
  }

  private synchronized void gone() {
    if (listener == Thread.currentThread()) {
      listener = null;
    }
  }

  private synchronized void end() {
    calls--;
    lastCall = System.nanoTime();
    if (calls == 0 && listener != null && closer == null) {
      closer = Thread.startVirtualThread(this::closeWhenUnused);
    }
  }

  private void closeWhenUnused() {
    try {
      for (long left = KEPT_OPEN.toNanos(); left > 0; left = left()) {
        Thread.sleep(Duration.ofNanos(left));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** How long it stays open if there is no other call; where that is over, it is closed. */
  private synchronized long left() {
    long left = calls > 0 ? 0 : KEPT_OPEN.toNanos() - (System.nanoTime() - lastCall);
    if (left <= 0) {
      closer = null;
      if (calls == 0 && listener != null) {
        listener.interrupt();
        listener = null;
      }
    }
    return left;
  }
}
