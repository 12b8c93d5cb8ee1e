package dev.errand.support;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.Map;

/** A service that holds few connections at once. */
public final class FewConnections implements QuarkusTestProfile {
  public static final int MOST = 40;

  @Override
  public Map<String, String> getConfigOverrides() {
    return Map.of("errand.http.max-connections", Integer.toString(MOST));
  }
}
