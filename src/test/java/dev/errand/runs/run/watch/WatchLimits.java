package dev.errand.runs.run.watch;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.Map;

/** Limits of watching that a test can reach. */
public final class WatchLimits implements QuarkusTestProfile {
  static final int MOST = 120;

  @Override
  public Map<String, String> getConfigOverrides() {
    return Map.of(
        "errand.watch.most", Integer.toString(MOST),
        "errand.watch.heartbeat", "PT0.2S",
        "errand.watch.stalled", "PT5S");
  }
}
