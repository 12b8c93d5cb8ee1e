package dev.errand.base.egress.address;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EgressConfigTest {

  @Test
  void noAddressIsAllowedOrBlockedByDefault() {
    EgressConfig config = configured(Map.of());

    assertTrue(config.allow().isEmpty());
    assertTrue(config.blocklist().isEmpty());
    assertEquals(List.of("80", "443", "8000-9000"), config.ports().orElseThrow());
  }

  @Test
  void anEmptyValueIsAnEmptyList() {
    EgressConfig config = configured(Map.of("ERRAND_EGRESS_ALLOW", "", "ERRAND_EGRESS_PORTS", ""));

    assertTrue(config.allow().isEmpty());
    assertTrue(config.ports().isEmpty());
    assertFalse(
        new EgressPolicy(config).permits("site.test", InetAddress.ofLiteral("8.8.8.8"), 443));
  }

  @Test
  void entriesMayBeSpacedOut() {
    EgressPolicy policy =
        new EgressPolicy(
            configured(Map.of("ERRAND_EGRESS_ALLOW", "site.test, [::1]:99 ,,10.0.0.0/8")));

    assertTrue(policy.permits("other.test", InetAddress.ofLiteral("::1"), 99));
    assertTrue(policy.permits("other.test", InetAddress.ofLiteral("10.1.1.1"), 22));
  }

  @Test
  void alwaysAllowedAddressesStayAllowed() {
    EgressPolicy policy =
        new EgressPolicy(
            configured(
                Map.of(
                    "ERRAND_EGRESS_ALLOW",
                    "site.test",
                    "ERRAND_EGRESS_ALLOW_ALWAYS",
                    "localhost:8080")));

    assertTrue(policy.permits("localhost", InetAddress.ofLiteral("127.0.0.1"), 8080));
    assertTrue(policy.permits("site.test", InetAddress.ofLiteral("127.0.0.1"), 22));
    assertFalse(policy.permits("localhost", InetAddress.ofLiteral("127.0.0.1"), 8081));
  }

  private static EgressConfig configured(Map<String, String> environment) {
    return new SmallRyeConfigBuilder()
        // One default refers to another setting.
        .addDefaultInterceptors()
        .withMapping(EgressConfig.class)
        .withSources(new EnvConfigSource(environment, 300))
        .build()
        .getConfigMapping(EgressConfig.class);
  }
}
