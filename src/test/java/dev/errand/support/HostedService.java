package dev.errand.support;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.Map;

/**
 * A service as an operator may host it: behind a proxy whose fields it trusts, without streams, as
 * on AWS Lambda, with servers of models that the operator has configured and asks to stream, and
 * with the models of a second vendor. One profile for what goes together, since each profile starts
 * the service once more.
 */
public final class HostedService implements QuarkusTestProfile {
  /** Where models are asked when nobody says another place. */
  public static final String CONFIGURED = "http://127.0.0.1:10/v1";

  /** A server that needs no key. */
  public static final String KEYLESS = "http://127.0.0.1:9/v1";

  /** Another one, which the configuration names by the former keys. */
  public static final String KEYLESS_BY_FORMER_KEYS = "http://127.0.0.1:12/v1";

  @Override
  public Map<String, String> getConfigOverrides() {
    return Map.of(
        "quarkus.http.proxy.proxy-address-forwarding",
        "true",
        "errand.watch.longest",
        "PT0S",
        "errand.model.stream",
        "true",
        "errand.openai.base-url",
        CONFIGURED,
        "errand.model.endpoints.near.url",
        KEYLESS,
        "errand.model.endpoints.near.keyless",
        "true",
        "errand.openai.endpoints.former.url",
        KEYLESS_BY_FORMER_KEYS,
        "errand.openai.endpoints.former.keyless",
        "true",
        "errand.test.other-vendor",
        "true");
  }
}
