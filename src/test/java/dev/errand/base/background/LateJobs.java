package dev.errand.base.background;

import io.quarkus.scheduler.Scheduler;
import jakarta.enterprise.inject.Alternative;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** The process's periodic jobs, on a time that a test sets. */
@Alternative
@Singleton
public class LateJobs extends PeriodicJobs {
  private final AtomicLong later = new AtomicLong();

  LateJobs(
      Scheduler scheduler,
      @ConfigProperty(name = "errand.worker.mode", defaultValue = "loop") WorkMode mode) {
    super(scheduler, mode);
  }

  /** Lets time pass. */
  public void pass(Duration time) {
    later.addAndGet(time.toNanos());
  }

  @Override
  long nanoTime() {
    return System.nanoTime() + later.get();
  }
}
