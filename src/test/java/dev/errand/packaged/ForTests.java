package dev.errand.packaged;

import dev.errand.support.Api;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.Map;

/** What the tests' configuration says, for an application that was packaged without it. */
public final class ForTests implements QuarkusTestResourceLifecycleManager {
  @Override
  public Map<String, String> start() {
    return Map.of(
        "errand.secret.key",
        "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
        "errand.bootstrap.session",
        Api.SESSION,
        "errand.egress.allow",
        "localhost,127.0.0.1");
  }

  @Override
  public void stop() {}
}
