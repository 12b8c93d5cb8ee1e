package dev.errand.packaged;

import dev.errand.app.telemetry.Observed;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.Map;

/** Gives the application the token that events bring. */
public final class TakesEvents implements QuarkusTestResourceLifecycleManager {
  @Override
  public Map<String, String> start() {
    return Map.of("errand.events.token", Observed.EVENTS_TOKEN);
  }

  @Override
  public void stop() {}
}
