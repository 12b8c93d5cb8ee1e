package dev.errand.models.loop;

import dev.errand.support.Api;
import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.Map;

/** Tests register their tasks with the runner of the vendor that there is not. */
public final class OtherVendor implements QuarkusTestProfile {
  @Override
  public Map<String, String> getConfigOverrides() {
    return Map.of(OtherVendorPort.SWITCH, "true", Api.RUNNER, OtherVendorPort.RUNNER);
  }
}
