package dev.errand.runs.rate;

import dev.errand.base.background.PeriodicJobs;
import dev.errand.base.background.TickWork;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;

/** Calls the runs that wait for a rate when their turn comes. Several processes may do so. */
@ApplicationScoped
class RateTicker implements TickWork {
  private static final Duration INTERVAL = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofSeconds(30);

  private final RateLine line;
  private final KnownRates known;

  RateTicker(RateLine line, KnownRates known) {
    this.line = line;
    this.known = known;
  }

  // After FirstStart, which sets up the database that the job needs.
  void start(@Observes @Priority(Integer.MAX_VALUE - 890) StartupEvent event, PeriodicJobs jobs) {
    jobs.inLoop("rate-tick", INTERVAL, () -> work(LONGEST));
  }

  @Override
  public String name() {
    return "runs that wait for a rate";
  }

  @Override
  public void work(Duration most) {
    line.callDue(System.nanoTime() + most.toNanos());
    known.refresh();
  }
}
