package dev.errand.automation.schedule;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.Map;
import java.util.Set;

/** The clock is the test's, and nothing fires or runs but what the test itself lets fire or run. */
public final class OnTestTime implements QuarkusTestProfile {
  /** After so many failures in a row a schedule pauses itself. */
  static final int PAUSE_AFTER = 3;

  /** So many runs may wait. */
  static final int QUEUED = 5000;

  @Override
  public Map<String, String> getConfigOverrides() {
    return Map.of(
        "errand.worker.mode",
        "request",
        "errand.schedule.pause-after",
        Integer.toString(PAUSE_AFTER),
        "errand.schedule.per-task",
        "40",
        "errand.run.queued-per-profile",
        Integer.toString(QUEUED));
  }

  @Override
  public Set<Class<?>> getEnabledAlternatives() {
    return Set.of(TestTime.class);
  }
}
