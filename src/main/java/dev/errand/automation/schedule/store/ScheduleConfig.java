package dev.errand.automation.schedule.store;

import dev.errand.base.config.MoreThanZero;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Min;
import java.time.Duration;

/** How schedules are kept to. */
@ConfigMapping(prefix = "errand.schedule")
public interface ScheduleConfig {

  /** How often it is looked for what is due, where that is done in the background. */
  @WithDefault("PT1S")
  @MoreThanZero
  Duration tick();

  /** By how much a fire may be late and still be in time; a later one is a missed one. */
  @WithDefault("PT2M")
  Duration grace();

  /** After how many failures in a row a schedule pauses itself. */
  @WithDefault("10")
  @Min(value = 1, message = "must be 1 or more")
  int pauseAfter();

  /** How many schedules a task may have. */
  @WithDefault("1000")
  @Min(value = 1, message = "must be 1 or more")
  int perTask();
}
