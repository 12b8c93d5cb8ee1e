package dev.errand.worker;

import java.time.Duration;

/**
 * A worker's configuration in a test.
 *
 * @param concurrency how many runs go on at once
 */
record TestWorkerConfig(int concurrency) implements WorkerConfig {
  @Override
  public Mode mode() {
    return Mode.REQUEST;
  }

  @Override
  public Duration lease() {
    return Duration.ofMinutes(5);
  }

  @Override
  public Duration poll() {
    return Duration.ofMillis(100);
  }

  @Override
  public Duration rescue() {
    return Duration.ofMinutes(5);
  }
}
