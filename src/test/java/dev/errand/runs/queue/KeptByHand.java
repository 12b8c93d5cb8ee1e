package dev.errand.runs.queue;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.Map;

/** Nothing is added up, removed or delivered but by the test. */
public final class KeptByHand implements QuarkusTestProfile {
  @Override
  public Map<String, String> getConfigOverrides() {
    return Map.of("errand.worker.keep", "PT24H", "errand.callback.mode", "request");
  }
}
