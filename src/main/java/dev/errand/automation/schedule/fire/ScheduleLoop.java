package dev.errand.automation.schedule.fire;

import dev.errand.automation.schedule.store.ScheduleConfig;
import dev.errand.base.background.BackgroundThreads;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.List;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Fires what is due in the background, in the processes that also work the queue there. */
@ApplicationScoped
class ScheduleLoop {
  private static final Logger LOG = Logger.getLogger(ScheduleLoop.class);

  private final Schedules schedules;
  private final ScheduleConfig config;
  private final String mode;
  private final BackgroundThreads background;
  private @Nullable Thread thread;

  ScheduleLoop(
      Schedules schedules,
      ScheduleConfig config,
      @ConfigProperty(name = "errand.worker.mode", defaultValue = "loop") String mode,
      BackgroundThreads background) {
    this.background = background;
    this.schedules = schedules;
    this.config = config;
    this.mode = mode;
  }

  void start(@Observes @Priority(Integer.MAX_VALUE - 900) StartupEvent event) {
    if (config.pauseAfter() < 1) {
      throw new IllegalStateException(
          "errand.schedule.pause-after (ERRAND_SCHEDULE_PAUSE_AFTER) must be 1 or more.");
    }
    if (config.tick().toMillis() < 1 || config.grace().isNegative()) {
      throw new IllegalStateException(
          "errand.schedule.tick and errand.schedule.grace must be durations such as PT1S and PT2M.");
    }
    if (mode.equalsIgnoreCase("loop")) {
      thread = background.start("schedule-tick", this::loop);
    }
  }

  void stop(@Observes ShutdownEvent event) throws InterruptedException {
    Thread running = thread;
    if (running != null) {
      background.stop(List.of(running));
    }
  }

  private void loop() {
    while (!Thread.currentThread().isInterrupted()) {
      try {
        int _ = schedules.tick();
      } catch (RuntimeException e) {
        LOG.warnf("Schedules could not be looked at, and will be again: %s", e.getMessage());
      }
      try {
        Thread.sleep(config.tick());
      } catch (InterruptedException e) {
        return;
      }
    }
  }
}
