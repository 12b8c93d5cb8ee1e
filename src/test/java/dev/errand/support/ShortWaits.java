package dev.errand.support;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.Map;

/** Limits that a test reaches within seconds: of watching, and of waiting for a request. */
public final class ShortWaits implements QuarkusTestProfile {
  public static final int WATCHERS = 240;

  /** How long a head or a body may take, and how long a connection may be without either. */
  public static final int SECONDS = 3;

  @Override
  public Map<String, String> getConfigOverrides() {
    return Map.of(
        "errand.watch.most",
        Integer.toString(WATCHERS),
        "errand.watch.heartbeat",
        "PT0.2S",
        "errand.mcp.longest-wait",
        "PT1S",
        "errand.mcp.allowed-origins",
        "https://inspector.example",
        "errand.watch.stalled",
        "PT5S",
        "errand.http.head-timeout",
        "PT" + SECONDS + "S",
        "errand.http.body-timeout",
        "PT" + SECONDS + "S",
        "errand.http.idle-timeout",
        "PT" + SECONDS + "S");
  }
}
