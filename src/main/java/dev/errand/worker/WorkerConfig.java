package dev.errand.worker;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How this process works the queue. */
@ConfigMapping(prefix = "errand.worker")
public interface WorkerConfig {

  /** How many runs go on at once. */
  @WithDefault("64")
  int concurrency();

  /** Whether runs are claimed in the background, or only when a request says so. */
  @WithDefault("loop")
  Mode mode();

  /** How long a claim holds unless it is extended; it is extended four times in that time. */
  @WithDefault("PT20S")
  Duration lease();

  /** How often the queue is asked when nobody says that there is something in it. */
  @WithDefault("PT1S")
  Duration poll();

  /** How often runs are looked for whose worker was lost. */
  @WithDefault("PT5S")
  Duration rescue();

  /** How the queue is worked. */
  enum Mode {
    /** A loop in the background. */
    LOOP,
    /** Only on request. */
    REQUEST
  }
}
