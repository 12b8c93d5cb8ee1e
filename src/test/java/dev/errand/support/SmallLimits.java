package dev.errand.support;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.Map;

/** A service that lets nobody have much and parses little at a time. */
public final class SmallLimits implements QuarkusTestProfile {
  public static final int MOST = 5;

  @Override
  public Map<String, String> getConfigOverrides() {
    String most = Integer.toString(MOST);
    return Map.of(
        "errand.task.per-profile", most,
        "errand.installation.per-profile", most,
        "errand.trigger.per-task", most,
        "errand.schedule.per-task", most,
        "errand.registry.servlets-per-user", most,
        "errand.registry.versions-per-servlet", most,
        "errand.memory.parse-budget", "24M",
        "errand.memory.parse-wait", "PT0.05S");
  }
}
