package dev.errand.models.loop;

import dev.errand.support.Api;
import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.Map;

/** Tests register their tasks with the runner {@code responses}. */
public final class ResponsesRunner implements QuarkusTestProfile {
  @Override
  public Map<String, String> getConfigOverrides() {
    return Map.of(Api.RUNNER, "responses");
  }
}
