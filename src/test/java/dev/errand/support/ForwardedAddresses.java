package dev.errand.support;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.Map;

/** A service behind a proxy that says in {@code X-Forwarded-For} where requests come from. */
public final class ForwardedAddresses implements QuarkusTestProfile {
  @Override
  public Map<String, String> getConfigOverrides() {
    return Map.of("quarkus.http.proxy.proxy-address-forwarding", "true");
  }
}
