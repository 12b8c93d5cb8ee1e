package dev.errand.identity.oauth;

import dev.errand.support.JwtIssuer;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.security.Key;
import java.util.Map;
import java.util.function.Consumer;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jwt.JwtClaims;
import org.jspecify.annotations.Nullable;

/**
 * An authorization server whose access tokens are JWTs, configured in place of the built-in one.
 */
public final class TokenIssuer implements QuarkusTestResourceLifecycleManager {
  /** The address of the service, for which tokens are issued. */
  static final String SERVICE = "https://errand.example";

  static final String SUBJECT = "subject-1";
  static final String CLIENT = "chat-1";

  static final JwtIssuer ISSUER =
      new JwtIssuer("/realm", "/.well-known/oauth-authorization-server/realm");

  @Override
  public Map<String, String> start() {
    return Map.of(
        "errand.url",
        SERVICE,
        "errand.oauth.issuer",
        ISSUER.start(),
        "errand.oauth.user-claim",
        "username");
  }

  /** An access token as it should be, but for what is changed of its claims. */
  static String token(PublicJsonWebKey key, Consumer<JwtClaims> changed) {
    return token(key, "at+jwt", changed);
  }

  /** The same of another type. */
  static String token(PublicJsonWebKey key, String type, Consumer<JwtClaims> changed) {
    return ISSUER.token(key, type, asItShouldBe().andThen(changed));
  }

  /** An access token that is signed in any way, also in none. */
  static String signed(@Nullable Key key, String keyId, String algorithm) {
    return ISSUER.signed(key, keyId, algorithm, "at+jwt", asItShouldBe());
  }

  private static Consumer<JwtClaims> asItShouldBe() {
    return claims -> {
      claims.setAudience("https://other.example/api", SERVICE + "/mcp");
      claims.setSubject(SUBJECT);
      claims.setStringClaim("client_id", CLIENT);
      claims.setStringClaim("scope", "openid read run unknown");
      claims.setGeneratedJwtId();
    };
  }

  @Override
  public void stop() {
    ISSUER.close();
  }
}
