package dev.errand.adapters.serverless;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.error.Reason;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.ProcessingException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.RestResponse;
import org.jose4j.http.Response;
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
  private static final int LARGEST = 500 * 1024;
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
      IssuerDocument document = client(keys, true);
      set.setSimpleHttpGet(location -> read(location, document));
      // The issuer may be away for a while: the keys that are known go on to hold.
      set.setRetainCacheOnErrorDuration(KNOWN_FOR.toSeconds());
      return new HttpsJwksVerificationKeyResolver(set);
    } catch (IOException | IllegalArgumentException e) {
      failedAt = System.nanoTime();
      throw unknown(Reason.of(e));
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

  private URI discovered(EventConfig.Oidc oidc) throws IOException {
    String issuer = oidc.issuer().orElseThrow().toString();
    URI document =
        URI.create(issuer + (issuer.endsWith("/") ? "" : "/") + ".well-known/openid-configuration");
    IssuerDocument client = client(document, false);
    Response answer;
    try {
      answer = read(document.toString(), client);
    } finally {
      OperatorHttp.close(client);
    }
    String keys = json.readTree(answer.getBody()).path("jwks_uri").asText();
    if (keys.isEmpty()) {
      throw new IOException(document + " does not say where the keys are");
    }
    return URI.create(keys);
  }

  private static IssuerDocument client(URI url, boolean followsRedirects) {
    return OperatorHttp.client(IssuerDocument.class, url, LONGEST, followsRedirects);
  }

  private static Response read(String url, IssuerDocument document) throws IOException {
    RestResponse<InputStream> answer;
    try {
      answer = document.get();
    } catch (ProcessingException e) {
      if (e.getCause() instanceof InterruptedException) {
        Thread.currentThread().interrupt();
      }
      throw new IOException(url + " can't be read: " + Reason.of(e), e);
    }
    try (InputStream body = answer.getEntity()) {
      if (answer.getStatus() != 200) {
        throw new IOException(url + " answered with status " + answer.getStatus());
      }
      byte[] read = body == null ? new byte[0] : body.readNBytes(LARGEST + 1);
      if (read.length > LARGEST) {
        throw new IOException(url + " has more than " + LARGEST + " bytes");
      }
      return new Response(
          answer.getStatus(),
          answer.getStatusInfo().getReasonPhrase(),
          answer.getStringHeaders(),
          new String(read, StandardCharsets.UTF_8));
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
    return ApiException.retryLater(
        ErrorCode.UNAVAILABLE, "The issuer's keys can't be had now: send the event again.", PAUSE);
  }
}
