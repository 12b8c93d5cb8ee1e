package dev.errand.base.background;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/**
 * The loops that run in the background for as long as this process does, each on a platform thread
 * of its own. A loop that fails begins anew; one that has ended and was not stopped is told to
 * whoever asks whether the process is alive.
 */
@ApplicationScoped
public class BackgroundThreads {
  private static final Logger LOG = Logger.getLogger(BackgroundThreads.class);
  private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);

  private final Set<Thread> running = ConcurrentHashMap.newKeySet();

  /**
   * Starts a loop.
   *
   * @param name its thread's name
   * @param loop returns when its thread is interrupted
   * @return the thread, by which it is stopped
   */
  public Thread start(String name, Runnable loop) {
    Thread thread = Thread.ofPlatform().daemon().name(name).unstarted(() -> run(name, loop));
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

  private static void run(String name, Runnable loop) {
    while (true) {
      try {
        loop.run();
        return;
      } catch (Throwable e) {
        // Whatever it was, nobody else does what this loop does.
        LOG.errorf(e, "The background thread %s failed, and begins anew", name);
      }
      try {
        Thread.sleep(AFTER_FAILURE);
      } catch (InterruptedException e) {
        return;
      }
    }
  }
}
