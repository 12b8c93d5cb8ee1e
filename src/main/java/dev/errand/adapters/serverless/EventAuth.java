package dev.errand.adapters.serverless;

import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.http.BearerToken;
import dev.errand.base.http.IssuerKeys;
import dev.errand.base.json.Json;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.JwtConsumer;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jose4j.jwt.consumer.Validator;
import org.jspecify.annotations.Nullable;

/** Lets an event in with the configured token, or with one of the configured issuer (OIDC). */
@ApplicationScoped
class EventAuth {
  private static final int SHORTEST = 32;
  private static final int SKEW_SECONDS = 60;
  private static final String ISSUER = "ERRAND_EVENTS_OIDC_ISSUER";

  private final Optional<byte[]> token;
  private final EventConfig.Oidc oidc;
  private final @Nullable IssuerKeys keys;
  private volatile @Nullable JwtConsumer tokens;

  @Inject
  EventAuth(EventConfig config, Json json) {
    this(config, source -> new IssuerKeys(json, source));
  }

  EventAuth(EventConfig config, Function<IssuerKeys.Source, IssuerKeys> keys) {
    this.token =
        config
            .token()
            .filter(text -> !text.isBlank())
            .map(text -> checked(text).getBytes(StandardCharsets.UTF_8));
    this.oidc = config.oidc();
    this.keys =
        oidc.issuer()
            .filter(issuer -> !issuer.toString().isEmpty())
            .map(issuer -> new IssuerKeys.Source(issuer, oidc.keys(), false, ISSUER))
            .map(keys)
            .orElse(null);
  }

  // Created at the start, so that an invalid token stops the start.
  void start(@Observes StartupEvent event) {}

  /**
   * Checks the credential of an event.
   *
   * @throws ApiException {@link ErrorCode#UNAUTHENTICATED}, or {@link ErrorCode#UNAVAILABLE} when
   *     the issuer's keys can't be fetched now
   */
  void check(@Nullable String authorization) {
    if (token.isEmpty() && issuer().isEmpty()) {
      throw refused(
          "This server accepts no events: set ERRAND_EVENTS_TOKEN or ERRAND_EVENTS_OIDC_ISSUER.");
    }
    String brought =
        BearerToken.of(authorization)
            .orElseThrow(() -> refused("Events require a token: send `Authorization: Bearer …`."));
    if (!isToken(brought) && !isOfIssuer(brought)) {
      throw refused(
          "The event's token is refused: it is wrong, has expired, or is for"
              + " another audience.");
    }
  }

  private boolean isToken(String brought) {
    return token.isPresent()
        && MessageDigest.isEqual(token.get(), brought.getBytes(StandardCharsets.UTF_8));
  }

  private boolean isOfIssuer(String brought) {
    Optional<String> issuer = issuer();
    // A token with wrong claims is refused before the issuer's keys are fetched.
    if (keys == null || issuer.isEmpty() || !says(issuer.get(), brought)) {
      return false;
    }
    JwtConsumer known = tokens;
    if (known == null) {
      known =
          expecting(issuer.get())
              .setJwsAlgorithmConstraints(IssuerKeys.ALGORITHMS)
              .setVerificationKeyResolver(keys.resolver())
              .build();
      tokens = known;
    }
    try {
      return known.process(brought) != null;
    } catch (InvalidJwtException e) {
      keys.checkAvailable(e);
      return false;
    }
  }

  private boolean says(String issuer, String brought) {
    try {
      return expecting(issuer).setSkipSignatureVerification().build().process(brought) != null;
    } catch (InvalidJwtException e) {
      return false;
    }
  }

  private JwtConsumerBuilder expecting(String issuer) {
    return new JwtConsumerBuilder()
        .setRequireExpirationTime()
        .setAllowedClockSkewInSeconds(SKEW_SECONDS)
        .setExpectedIssuer(issuer)
        .setExpectedAudience(oidc.audience())
        .registerValidator(
            (Validator)
                context ->
                    isTaken(context.getJwtClaims().getSubject())
                        ? null
                        : "The token's subject is not accepted.");
  }

  private boolean isTaken(@Nullable String subject) {
    List<String> taken = oidc.subjects().orElse(List.of());
    return taken.isEmpty()
        || (subject != null && taken.stream().anyMatch(pattern -> fits(pattern, subject)));
  }

  private static boolean fits(String pattern, String subject) {
    return pattern.endsWith("*")
        ? subject.startsWith(pattern.substring(0, pattern.length() - 1))
        : subject.equals(pattern);
  }

  private Optional<String> issuer() {
    return oidc.issuer().map(Object::toString).filter(text -> !text.isEmpty());
  }

  private static String checked(String token) {
    if (token.length() < SHORTEST) {
      throw new IllegalStateException(
          "ERRAND_EVENTS_TOKEN has fewer than "
              + SHORTEST
              + " characters: generate one with `openssl rand -hex 32`.");
    }
    return token;
  }

  private static ApiException refused(String detail) {
    return new ApiException(
        ErrorCode.UNAUTHENTICATED,
        detail,
        List.of(),
        Map.of("WWW-Authenticate", "Bearer realm=\"errand-events\""));
  }
}
