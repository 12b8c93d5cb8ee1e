package dev.errand.base.background;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/**
 * Runs loops until this process stops, each on its own platform thread, so that no other work can
 * starve it. A loop that fails continues after a pause; one that ends without being stopped makes
 * the liveness check fail. Work that is only due every few seconds is a job of {@link
 * PeriodicJobs}.
 */
@ApplicationScoped
public class BackgroundThreads {
  private static final Logger LOG = Logger.getLogger(BackgroundThreads.class);

  private final Set<Thread> running = ConcurrentHashMap.newKeySet();

  /**
   * Starts a loop.
   *
   * @param step is repeated until its thread is interrupted
   */
  public Thread start(String name, Duration pause, Step step) {
    Thread thread = Thread.ofPlatform().daemon().name(name).unstarted(() -> run(name, pause, step));
    running.add(thread);
    thread.start();
    return thread;
  }

  /** Interrupts loops, and waits for their ends. */
  public void stop(List<Thread> threads) throws InterruptedException {
    threads.forEach(running::remove);
    threads.forEach(Thread::interrupt);
    for (Thread thread : threads) {
      thread.join();
    }
  }

  /** The names of the loops that have ended and were not stopped, in alphabetical order. */
  public List<String> ended() {
    return running.stream()
        .filter(thread -> !thread.isAlive())
        .map(Thread::getName)
        .sorted()
        .toList();
  }

  private void run(String name, Duration pause, Step step) {
    Thread self = Thread.currentThread();
    while (running.contains(self) && !self.isInterrupted()) {
      try {
        try {
          step.run();
        } catch (RuntimeException e) {
          LOG.warnf("%s failed, and goes on: %s", name, e.getMessage());
          Thread.sleep(pause);
        } catch (Error e) {
          // Catches everything, since no other thread does the work of this loop.
          LOG.errorf(e, "%s failed, and goes on", name);
          Thread.sleep(pause);
        }
      } catch (InterruptedException e) {
        return;
      }
    }
  }
}
