package dev.errand.base.background;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.quarkus.scheduler.Scheduler;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * What this process does once in some seconds, driven by the scheduler of Quarkus. A job never
 * overlaps itself, and one that fails is done again when its time comes. A job that does not come
 * back makes the process not alive.
 */
@ApplicationScoped
public class PeriodicJobs {
  /** The scheduler looks once a second what is due. */
  public static final Duration SHORTEST_INTERVAL = Duration.ofSeconds(1);

  private static final Logger LOG = Logger.getLogger(PeriodicJobs.class);

  // A tick of schedules may take ten minutes and one transaction more.
  private static final Duration LONGEST_RUN = Duration.ofMinutes(15);
  private static final Duration LONGEST_DELAY = Duration.ofMinutes(1);

  private final Scheduler scheduler;
  private final Map<String, Job> jobs = new ConcurrentHashMap<>();

  PeriodicJobs(Scheduler scheduler) {
    this.scheduler = scheduler;
  }

  /**
   * Does something periodically until this process stops; the first time after one interval.
   *
   * @param name names the job in the log and to whoever asks whether the process is alive
   * @param interval from one beginning to the next; at least a second
   */
  public void every(String name, Duration interval, Step step) {
    Duration pause = interval.compareTo(SHORTEST_INTERVAL) < 0 ? SHORTEST_INTERVAL : interval;
    Job job = new Job(name, pause, step);
    jobs.put(name, job);
    scheduler
        .newJob(name)
        .setInterval(pause.toString())
        .setDelayed(pause.toString())
        .setConcurrentExecution(ConcurrentExecution.SKIP)
        .setTask(execution -> job.run())
        .schedule();
  }

  /** The names of the jobs that should have come back and did not, in alphabetical order. */
  public List<String> overdue() {
    long now = nanoTime();
    return jobs.values().stream()
        .filter(job -> job.isOverdue(now))
        .map(job -> job.name)
        .sorted()
        .toList();
  }

  // Before what the jobs work with is stopped.
  void stop(@Observes @Priority(1) ShutdownEvent event) throws InterruptedException {
    for (Job job : jobs.values()) {
      scheduler.unscheduleJob(job.name);
    }
    for (Job job : jobs.values()) {
      job.stop();
    }
    jobs.clear();
  }

  /** The time that the jobs are overdue by. */
  long nanoTime() {
    return System.nanoTime();
  }

  private final class Job {
    private final String name;
    private final Duration interval;
    private final Step step;
    private @Nullable Thread thread;
    private boolean stopped;
    // When it began or came back last.
    private long since = nanoTime();

    Job(String name, Duration interval, Step step) {
      this.name = name;
      this.interval = interval;
      this.step = step;
    }

    void run() {
      if (!begin()) {
        return;
      }
      try {
        step.run();
      } catch (InterruptedException e) {
        LOG.debugf("The job %s was interrupted", name);
      } catch (RuntimeException e) {
        LOG.warnf("The job %s failed, and is done again: %s", name, e.getMessage());
      } catch (Error e) {
        LOG.errorf(e, "The job %s failed, and is done again", name);
      } finally {
        end();
      }
    }

    private synchronized boolean begin() {
      if (stopped) {
        return false;
      }
      thread = Thread.currentThread();
      since = nanoTime();
      return true;
    }

    private synchronized void end() {
      thread = null;
      since = nanoTime();
      // The thread is one of a pool, and the interrupt was for the job.
      boolean _ = Thread.interrupted();
      notifyAll();
    }

    synchronized void stop() throws InterruptedException {
      stopped = true;
      if (thread != null) {
        thread.interrupt();
      }
      while (thread != null) {
        wait();
      }
    }

    synchronized boolean isOverdue(long now) {
      Duration most = thread == null ? interval.multipliedBy(2).plus(LONGEST_DELAY) : LONGEST_RUN;
      return now - since > most.toNanos();
    }
  }
}
