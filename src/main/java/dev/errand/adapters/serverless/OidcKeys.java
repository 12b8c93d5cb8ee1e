package dev.errand.adapters.serverless;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.error.Reason;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jboss.logging.Logger;
import org.jose4j.jwk.HttpsJwks;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.keys.resolvers.HttpsJwksVerificationKeyResolver;
import org.jose4j.keys.resolvers.JwksVerificationKeyResolver;
import org.jose4j.keys.resolvers.VerificationKeyResolver;
import org.jose4j.lang.JoseException;
import org.jose4j.lang.UnresolvableKeyException;
import org.jspecify.annotations.Nullable;

/** Finds the keys of an issuer (OpenID Connect Discovery 1.0, RFC 7517). */
@ApplicationScoped
class OidcKeys {
  private static final Logger LOG = Logger.getLogger(OidcKeys.class);
  private static final Duration LONGEST = Duration.ofSeconds(10);
  private static final Duration KNOWN_FOR = Duration.ofHours(1);

  // Whoever sends events to an issuer that is away does not have it asked for each of them.
  private static final Duration PAUSE = Duration.ofSeconds(5);

  private final ObjectMapper json;
  private final Duration pause;
  private @Nullable Long failedAt;

  @Inject
  OidcKeys(ObjectMapper json) {
    this(json, PAUSE);
  }

  OidcKeys(ObjectMapper json, Duration pause) {
    this.json = json;
    this.pause = pause;
  }

  /**
   * The keys of an issuer, as they change: a file is read at each use, an address when an unknown
   * key is named or an hour has passed.
   *
   * @throws ApiException {@link ErrorCode#UNAVAILABLE} when they can't be had now; the log names
   *     the remedy
   */
  synchronized VerificationKeyResolver of(EventConfig.Oidc oidc) {
    if (failedAt != null && System.nanoTime() - failedAt < pause.toNanos()) {
      throw unavailable();
    }
    try {
      URI keys = oidc.keys().isPresent() ? oidc.keys().get() : discovered(oidc);
      if ("file".equals(keys.getScheme())) {
        Path file = Path.of(keys);
        return (token, nesting) -> ofFile(file).resolveKey(token, nesting);
      }
      HttpsJwks set = new HttpsJwks(keys.toString());
      // The issuer may be away for a while: the keys that are known go on to hold.
      set.setRetainCacheOnErrorDuration(KNOWN_FOR.toSeconds());
      return new HttpsJwksVerificationKeyResolver(set);
    } catch (IOException | IllegalArgumentException e) {
      failedAt = System.nanoTime();
      throw unknown(Reason.of(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unknown("interrupted");
    }
  }

  /**
   * Tells a token that is not taken from keys that can't be had to check it by.
   *
   * @throws ApiException {@link ErrorCode#UNAVAILABLE} in the second case
   */
  static void checkAvailable(InvalidJwtException refusal) {
    for (Throwable cause = refusal; cause != null; cause = cause.getCause()) {
      if (cause instanceof IOException) {
        throw unknown(Reason.of(cause));
      }
    }
  }

  private static VerificationKeyResolver ofFile(Path file) throws UnresolvableKeyException {
    try {
      return new JwksVerificationKeyResolver(
          new JsonWebKeySet(Files.readString(file)).getJsonWebKeys());
    } catch (IOException | JoseException e) {
      throw new UnresolvableKeyException(
          "The keys in " + file + " can't be read.", new IOException(e));
    }
  }

  private URI discovered(EventConfig.Oidc oidc) throws IOException, InterruptedException {
    String issuer = oidc.issuer().orElseThrow().toString();
    URI document =
        URI.create(issuer + (issuer.endsWith("/") ? "" : "/") + ".well-known/openid-configuration");
    try (HttpClient http = HttpClient.newBuilder().connectTimeout(LONGEST).build()) {
      HttpResponse<String> answer =
          http.send(
              HttpRequest.newBuilder(document).timeout(LONGEST).build(),
              HttpResponse.BodyHandlers.ofString());
      String keys = json.readTree(answer.body()).path("jwks_uri").asText();
      if (answer.statusCode() != 200 || keys.isEmpty()) {
        throw new IOException(document + " answered with status " + answer.statusCode());
      }
      return URI.create(keys);
    }
  }

  private static ApiException unknown(String why) {
    LOG.errorf(
        "The keys of ERRAND_EVENTS_OIDC_ISSUER can't be had (%s): name their address, or a file with"
            + " them, in ERRAND_EVENTS_OIDC_KEYS.",
        why);
    return unavailable();
  }

  private static ApiException unavailable() {
    return new ApiException(
        ErrorCode.UNAVAILABLE,
        "The issuer's keys can't be had now: send the event again.",
        List.of(),
        Map.of("Retry-After", Long.toString(PAUSE.toSeconds())));
  }
}
