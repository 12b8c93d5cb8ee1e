package dev.errand.runs.queue;

import java.time.Duration;

/**
 * What holds for the runs of a test.
 *
 * @param queuedPerProfile how many runs of a profile may wait
 * @param retention how long a run is kept after its end
 */
public record TestRunConfig(int queuedPerProfile, Duration retention) implements RunConfig {
  static final TestRunConfig DEFAULT = new TestRunConfig(20_000, Duration.ofDays(30));
}
