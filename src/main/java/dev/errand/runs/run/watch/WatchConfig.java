package dev.errand.runs.run.watch;

import dev.errand.base.config.MoreThanZero;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Min;
import java.time.Duration;

/** How runs are watched in this process. */
@ConfigMapping(prefix = "errand.watch")
public interface WatchConfig {

  /** How many requests may watch runs at once, long polls and streams together. */
  @WithDefault("1000")
  @Min(value = 1, message = "must be 1 or more")
  int most();

  /** How long a stream is silent before a comment line says that it is still there. */
  @WithDefault("PT15S")
  @MoreThanZero
  Duration heartbeat();

  /** How often the watched runs are looked at for what other processes have written. */
  @WithDefault("PT0.2S")
  @MoreThanZero
  Duration poll();

  /** How long a client may leave what was sent to it unread before its stream is cut. */
  @WithDefault("PT30S")
  @MoreThanZero
  Duration stalled();

  /**
   * How long one stream goes on; then it ends without an {@code end} event, and the client comes
   * back with its {@code Last-Event-ID}. Where a platform keeps an answer back until it is whole,
   * this is how long it keeps it.
   */
  @WithDefault("PT1H")
  @MoreThanZero
  Duration longest();
}
