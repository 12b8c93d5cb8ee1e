package dev.errand.adapters.serverless;

import dev.errand.support.JwtIssuer;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.security.Key;
import java.util.Map;
import java.util.function.Consumer;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jwt.JwtClaims;
import org.jspecify.annotations.Nullable;

/** An OpenID provider with a discovery document and a set of keys, and nobody who signs in. */
public final class Issuer implements QuarkusTestResourceLifecycleManager {
  static final String AUDIENCE = "errand-of-the-tests";

  static final JwtIssuer ISSUER =
      new JwtIssuer("/tenant", "/tenant/.well-known/openid-configuration");

  @Override
  public Map<String, String> start() {
    return Map.of(
        "errand.worker.mode",
        "request",
        "errand.events.oidc.issuer",
        ISSUER.start(),
        "errand.events.oidc.audience",
        AUDIENCE);
  }

  /** A token as it should be, but for what is changed of its claims. */
  static String token(PublicJsonWebKey key, Consumer<JwtClaims> changed) {
    return ISSUER.token(key, "", asItShouldBe().andThen(changed));
  }

  /** A token that is signed in any way, also in none. */
  static String signed(@Nullable Key key, String keyId, String algorithm) {
    return ISSUER.signed(key, keyId, algorithm, "", asItShouldBe());
  }

  private static Consumer<JwtClaims> asItShouldBe() {
    return claims -> {
      claims.setAudience("somebody-else", AUDIENCE);
      claims.setSubject("system:serviceaccount:default:errand");
    };
  }

  @Override
  public void stop() {
    ISSUER.close();
  }
}
