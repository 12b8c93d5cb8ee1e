package dev.errand.base.http;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.Map;

/** Requests have to arrive soon. */
public final class ShortTimeouts implements QuarkusTestProfile {
  static final int SECONDS = 3;

  @Override
  public Map<String, String> getConfigOverrides() {
    String timeout = "PT" + SECONDS + "S";
    return Map.of("errand.http.head-timeout", timeout, "errand.http.body-timeout", timeout);
  }
}
