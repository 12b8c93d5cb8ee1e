package dev.errand.automation.schedule.store;

import dev.errand.base.config.MoreThanZero;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Min;
import java.time.Duration;

/** Settings of schedules. */
@ConfigMapping(prefix = "errand.schedule")
public interface ScheduleConfig {

  /** How often loop mode looks for due schedules. */
  @WithDefault("PT1S")
  @MoreThanZero
  Duration tick();

  /** How late a fire may be before it counts as missed. */
  @WithDefault("PT2M")
  Duration grace();

  /** The number of failures in a row after which a schedule pauses itself. */
  @WithDefault("10")
  @Min(value = 1, message = "must be 1 or more")
  int pauseAfter();

  /** The most schedules of a task. */
  @WithDefault("1000")
  @Min(value = 0, message = "must be 0 or more")
  int perTask();
}
