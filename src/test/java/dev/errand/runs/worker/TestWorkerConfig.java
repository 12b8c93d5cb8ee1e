package dev.errand.runs.worker;

import dev.errand.base.background.WorkMode;
import java.time.Duration;
import java.util.Optional;

/**
 * A worker's configuration in a test.
 *
 * @param concurrency how many runs go on at once
 * @param most how many it holds, those that wait for a model included
 * @param poll how often the queue is asked
 * @param watch how often it is looked whether they were ended by another
 */
record TestWorkerConfig(int concurrency, Optional<Integer> most, Duration poll, Duration watch)
    implements WorkerConfig {
  TestWorkerConfig(int concurrency) {
    this(concurrency, Duration.ofMillis(100), Duration.ofMillis(500));
  }

  TestWorkerConfig(int concurrency, Duration poll, Duration watch) {
    this(concurrency, Optional.of(RunPlaces.number(concurrency)), poll, watch);
  }

  /** The same for a process that holds so many runs, those that wait for a model included. */
  TestWorkerConfig holding(int runs) {
    return new TestWorkerConfig(concurrency, Optional.of(runs), poll, watch);
  }

  @Override
  public long conversations() {
    return Long.MAX_VALUE;
  }

  @Override
  public WorkMode mode() {
    return WorkMode.LOOP;
  }

  @Override
  public Duration lease() {
    return Duration.ofMinutes(5);
  }

  @Override
  public Duration rescue() {
    return Duration.ofMinutes(5);
  }

  @Override
  public int maxLosses() {
    return 5;
  }

  @Override
  public Duration budget() {
    return Duration.ofMinutes(5);
  }

  @Override
  public Duration drain() {
    return Duration.ofMinutes(1);
  }

  @Override
  public Duration keep() {
    return Duration.ofHours(1);
  }
}
