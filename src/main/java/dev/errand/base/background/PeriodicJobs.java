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
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Jobs that this process repeats every few seconds, driven by the scheduler of Quarkus. A job never
 * overlaps itself, and one that fails is repeated when it is next due. A job that does not return
 * makes the liveness check fail.
 *
 * <p>The scheduler goes by the wall clock. A job that has not been started for long because that
 * clock was set back gets a new timer.
 */
@ApplicationScoped
public class PeriodicJobs {
  /** The scheduler checks once a second what is due. */
  public static final Duration SHORTEST_INTERVAL = Duration.ofSeconds(1);

  private static final Logger LOG = Logger.getLogger(PeriodicJobs.class);

  // A tick of schedules may take ten minutes and one transaction more.
  private static final Duration LONGEST_RUN = Duration.ofMinutes(15);
  private static final Duration LONGEST_DELAY = Duration.ofMinutes(1);
  private static final Duration LATE = Duration.ofSeconds(5);
  private static final Duration LONGEST_FIRST_DELAY = Duration.ofSeconds(15);

  private final Scheduler scheduler;
  private final WorkMode mode;
  private final Map<String, Job> jobs = new ConcurrentHashMap<>();
  private @Nullable ScheduledExecutorService watch;

  PeriodicJobs(
      Scheduler scheduler,
      @ConfigProperty(name = "errand.worker.mode", defaultValue = "loop") WorkMode mode) {
    this.scheduler = scheduler;
    this.mode = mode;
  }

  /**
   * Does something periodically until this process stops; the first time after one interval or 15
   * s.
   *
   * @param name the job's name in the log and in the liveness check
   * @param interval from one beginning to the next; at least a second
   */
  public void every(String name, Duration interval, Step step) {
    Duration pause = interval.compareTo(SHORTEST_INTERVAL) < 0 ? SHORTEST_INTERVAL : interval;
    Job job = new Job(name, pause, step);
    jobs.put(name, job);
    schedule(job, pause.compareTo(LONGEST_FIRST_DELAY) < 0 ? pause : LONGEST_FIRST_DELAY);
    watch();
  }

  /** The same in processes whose mode is the loop; in others a tick event has it done. */
  public void inLoop(String name, Duration interval, Step step) {
    if (mode == WorkMode.LOOP) {
      every(name, interval, step);
    }
  }

  private void schedule(Job job, Duration delay) {
    scheduler
        .newJob(job.name)
        .setInterval(job.interval.toString())
        .setDelayed(delay.toString())
        .setConcurrentExecution(ConcurrentExecution.SKIP)
        .setTask(execution -> job.run())
        .schedule();
  }

  // Monotonic: setting the wall clock does not change it.
  private synchronized void watch() {
    if (watch == null) {
      watch =
          Executors.newSingleThreadScheduledExecutor(
              Thread.ofPlatform().name("periodic-watch").daemon().factory());
      var _ = watch.scheduleWithFixedDelay(this::renewTimers, 1, 1, TimeUnit.SECONDS);
    }
  }

  private void renewTimers() {
    try {
      for (Job job : jobs.values()) {
        if (job.isToBeRenewed(nanoTime())) {
          LOG.warnf("The job %s has not begun for long, and gets a new timer", job.name);
          scheduler.unscheduleJob(job.name);
          schedule(job, SHORTEST_INTERVAL);
        }
      }
    } catch (RuntimeException e) {
      LOG.warnf(e, "The timers of jobs could not be renewed");
    }
  }

  /** The names of the jobs that should have returned and did not, in alphabetical order. */
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
    synchronized (this) {
      if (watch != null) {
        watch.close();
        watch = null;
      }
    }
    for (Job job : jobs.values()) {
      scheduler.unscheduleJob(job.name);
      job.stop();
    }
    for (Job job : jobs.values()) {
      job.awaitEnd();
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
    // When it last started or returned.
    private long since = nanoTime();
    private long timerSince = since;

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
      if (stopped || thread != null) {
        return false;
      }
      thread = Thread.currentThread();
      since = nanoTime();
      timerSince = since;
      return true;
    }

    private synchronized void end() {
      thread = null;
      since = nanoTime();
      timerSince = since;
      // The thread is one of a pool, and the interrupt was for the job.
      boolean _ = Thread.interrupted();
      notifyAll();
    }

    synchronized void stop() {
      stopped = true;
      if (thread != null) {
        thread.interrupt();
      }
    }

    synchronized void awaitEnd() throws InterruptedException {
      while (thread != null) {
        wait();
      }
    }

    synchronized boolean isToBeRenewed(long now) {
      boolean late = now - timerSince > interval.multipliedBy(2).plus(LATE).toNanos();
      if (stopped || thread != null || !late) {
        return false;
      }
      timerSince = now;
      return true;
    }

    synchronized boolean isOverdue(long now) {
      Duration most = thread == null ? interval.multipliedBy(2).plus(LONGEST_DELAY) : LONGEST_RUN;
      return now - since > most.toNanos();
    }
  }
}
