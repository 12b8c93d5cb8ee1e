package dev.errand.models.loop;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.Map;
import java.util.Set;

/** Runs ask the vendor that there is not, in place of OpenAI. */
public final class OtherVendor implements QuarkusTestProfile {
  @Override
  public Set<Class<?>> getEnabledAlternatives() {
    return Set.of(OtherVendorPort.class);
  }

  @Override
  public Map<String, String> getConfigOverrides() {
    return Map.of("quarkus.arc.exclude-types", "dev.errand.models.openai.OpenAiPort");
  }
}
