package dev.errand.runs.task;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.Map;

/** Nobody may have much. */
public final class SmallCaps implements QuarkusTestProfile {
  static final int MOST = 5;

  @Override
  public Map<String, String> getConfigOverrides() {
    String most = Integer.toString(MOST);
    return Map.of(
        "errand.task.per-profile", most,
        "errand.installation.per-profile", most,
        "errand.trigger.per-task", most,
        "errand.schedule.per-task", most,
        "errand.registry.servlets-per-user", most,
        "errand.registry.versions-per-servlet", most);
  }
}
