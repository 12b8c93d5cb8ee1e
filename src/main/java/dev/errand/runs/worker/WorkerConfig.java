package dev.errand.runs.worker;

import dev.errand.base.config.MoreThanZero;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Min;
import java.time.Duration;

/** How this process works the queue. */
@ConfigMapping(prefix = "errand.worker")
public interface WorkerConfig {

  /** How many runs go on at once. */
  @WithDefault("64")
  @Min(value = 1, message = "must be 1 or more")
  int concurrency();

  /** Whether runs are claimed in the background, or only when a request says so. */
  @WithDefault("loop")
  Mode mode();

  /** How long a claim holds unless it is extended; it is extended four times in that time. */
  @WithDefault("PT20S")
  @MoreThanZero
  Duration lease();

  /** How often the queue is asked when nobody says that there is something in it. */
  @WithDefault("PT1S")
  @MoreThanZero
  Duration poll();

  /** How often runs are looked for whose worker was lost. */
  @WithDefault("PT5S")
  @MoreThanZero
  Duration rescue();

  /** How often it is looked whether the runs held here were ended by another. */
  @WithDefault("PT0.5S")
  @MoreThanZero
  Duration watch();

  /**
   * How often a run may lose its worker without coming further; the next time, it ends. A run that
   * brings down each process that it is on would never end otherwise.
   */
  @WithDefault("5")
  @Min(value = 1, message = "must be 1 or more")
  int maxLosses();

  /**
   * How long one event may be worked on. In its second half no run and no step of one is begun any
   * more, so that what is under way can be written down; what is left then is handed on.
   */
  @WithDefault("PT4M")
  @MoreThanZero
  Duration budget();

  /** How often usage is added up, and runs are removed that ended long ago. */
  @WithDefault("PT15S")
  @MoreThanZero
  Duration keep();

  /** How the queue is worked. */
  enum Mode {
    /** A loop in the background. */
    LOOP,
    /** Only on request. */
    REQUEST
  }
}
