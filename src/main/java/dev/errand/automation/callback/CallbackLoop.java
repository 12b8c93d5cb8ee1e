package dev.errand.automation.callback;

import dev.errand.base.background.BackgroundThreads;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Tells in the background what is due, on a thread of its own. */
@ApplicationScoped
class CallbackLoop {
  private static final Logger LOG = Logger.getLogger(CallbackLoop.class);
  private static final Duration FORGETS_EVERY = Duration.ofMinutes(10);

  private final Deliverer deliverer;
  private final CallbackConfig config;
  private final BackgroundThreads background;
  private final Semaphore woken = new Semaphore(0);
  private @Nullable Thread thread;
  private volatile boolean going;

  CallbackLoop(Deliverer deliverer, CallbackConfig config, BackgroundThreads background) {
    this.background = background;
    this.deliverer = deliverer;
    this.config = config;
  }

  // After the first start's own work: there must be a database to ask.
  void start(@Observes @Priority(Integer.MAX_VALUE - 1000) StartupEvent event) {
    if (config.concurrency() < 1 || !config.timeout().isPositive()) {
      throw new IllegalStateException(
          "errand.callback.concurrency and errand.callback.timeout (ERRAND_CALLBACK_CONCURRENCY,"
              + " ERRAND_CALLBACK_TIMEOUT) must be more than none.");
    }
    if (config.mode() == CallbackConfig.Mode.LOOP) {
      going = true;
      thread = background.start("callback", this::loop);
    }
  }

  void stop(@Observes ShutdownEvent event) throws InterruptedException {
    going = false;
    Thread running = thread;
    if (running != null) {
      background.stop(List.of(running));
    }
    deliverer.stop();
  }

  private void loop() {
    long nextForgetting = System.nanoTime();
    while (going) {
      try {
        if (System.nanoTime() - nextForgetting >= 0) {
          nextForgetting = System.nanoTime() + FORGETS_EVERY.toNanos();
          deliverer.forget();
        }
        boolean found =
            deliverer.hasRoom() && !deliverer.begin(Integer.MAX_VALUE, woken::release).isEmpty();
        if (!found) {
          // Whatever the time ends by, the next look is at the table.
          boolean _ = woken.tryAcquire(config.poll().toMillis(), TimeUnit.MILLISECONDS);
          woken.drainPermits();
        }
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException e) {
        LOG.warnf("Callbacks could not be looked for, and will be again: %s", e.getMessage());
        pause();
      }
    }
  }

  private void pause() {
    try {
      Thread.sleep(config.poll());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
