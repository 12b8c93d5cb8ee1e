package dev.errand.models.loop;

import dev.errand.support.Api;
import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.Map;

/** Tests register their tasks with the runner {@code anthropic}. */
public final class Anthropic implements QuarkusTestProfile {
  @Override
  public Map<String, String> getConfigOverrides() {
    return Map.of(Api.RUNNER, "anthropic");
  }

  /** The same, and the model is asked to stream. */
  public static final class Streaming implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of(Api.RUNNER, "anthropic", "errand.model.stream", "true");
    }
  }
}
