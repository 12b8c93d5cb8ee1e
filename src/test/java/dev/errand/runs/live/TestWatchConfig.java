package dev.errand.runs.live;

import java.time.Duration;

/**
 * How a process of a test watches.
 *
 * @param longest how long one stream goes on
 */
record TestWatchConfig(Duration longest) implements WatchConfig {
  @Override
  public int most() {
    return 10;
  }

  @Override
  public Duration heartbeat() {
    return Duration.ofMillis(50);
  }

  @Override
  public Duration poll() {
    return Duration.ofMillis(50);
  }

  @Override
  public Duration stalled() {
    return Duration.ofMinutes(1);
  }
}
