package dev.errand.base.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.error.Reason;
import dev.errand.base.json.Json;
import jakarta.ws.rs.ProcessingException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.RestResponse;
import org.jose4j.http.Response;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwa.AlgorithmConstraints.ConstraintType;
import org.jose4j.jwk.HttpsJwks;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.keys.resolvers.HttpsJwksVerificationKeyResolver;
import org.jose4j.keys.resolvers.JwksVerificationKeyResolver;
import org.jose4j.keys.resolvers.VerificationKeyResolver;
import org.jose4j.lang.JoseException;
import org.jose4j.lang.UnresolvableKeyException;
import org.jspecify.annotations.Nullable;

/** Finds the keys of an issuer (OpenID Connect Discovery 1.0, RFC 8414, RFC 7517). Thread-safe. */
public final class IssuerKeys {
  /** Asymmetric algorithms only: no HMAC, whose secret could be a public key, and not "none". */
  public static final AlgorithmConstraints ALGORITHMS =
      new AlgorithmConstraints(
          ConstraintType.PERMIT,
          AlgorithmIdentifiers.RSA_USING_SHA256,
          AlgorithmIdentifiers.RSA_USING_SHA384,
          AlgorithmIdentifiers.RSA_USING_SHA512,
          AlgorithmIdentifiers.RSA_PSS_USING_SHA256,
          AlgorithmIdentifiers.RSA_PSS_USING_SHA384,
          AlgorithmIdentifiers.RSA_PSS_USING_SHA512,
          AlgorithmIdentifiers.ECDSA_USING_P256_CURVE_AND_SHA256,
          AlgorithmIdentifiers.ECDSA_USING_P384_CURVE_AND_SHA384,
          AlgorithmIdentifiers.ECDSA_USING_P521_CURVE_AND_SHA512,
          AlgorithmIdentifiers.EDDSA);

  private static final Logger LOG = Logger.getLogger(IssuerKeys.class);
  private static final String OPENID = ".well-known/openid-configuration";
  private static final String OAUTH = "/.well-known/oauth-authorization-server";
  private static final Duration LONGEST = Duration.ofSeconds(10);
  private static final int LARGEST = 500 * 1024;
  private static final Duration KNOWN_FOR = Duration.ofHours(1);

  // An issuer that can't be reached is not called again for every token.
  private static final Duration PAUSE = Duration.ofSeconds(5);

  private final Json json;
  private final Source source;
  private final Duration pause;
  private @Nullable Long failedAt;

  /**
   * Where keys come from.
   *
   * @param issuer the issuer, as tokens name it
   * @param keys the address of its keys, or a file with them; empty where its metadata say it
   * @param isAuthorizationServer whether its metadata may be those of RFC 8414, and have to name it
   *     as its tokens do
   * @param setting the environment variable of the issuer, to which that of the keys is similar,
   *     with {@code KEYS} at its end
   */
  public record Source(
      URI issuer, Optional<URI> keys, boolean isAuthorizationServer, String setting) {}

  /** Finds the keys of an issuer; after a failure it waits five seconds before another request. */
  public IssuerKeys(Json json, Source source) {
    this(json, source, PAUSE);
  }

  /**
   * Finds the keys of an issuer.
   *
   * @param pause how long an issuer that could not be reached is not called again
   */
  public IssuerKeys(Json json, Source source, Duration pause) {
    this.json = json;
    this.source = source;
    this.pause = pause;
  }

  /**
   * The keys, as they change: a file is read at each use, an address when an unknown key is named
   * or an hour has passed.
   *
   * @throws ApiException {@link ErrorCode#UNAVAILABLE} when they can't be fetched now; the log
   *     names the remedy
   */
  public synchronized VerificationKeyResolver resolver() {
    if (failedAt != null && System.nanoTime() - failedAt < pause.toNanos()) {
      throw unavailable();
    }
    try {
      URI keys = source.keys().isPresent() ? source.keys().get() : discovered();
      if ("file".equals(keys.getScheme())) {
        Path file = Path.of(keys);
        return (token, nesting) -> ofFile(file).resolveKey(token, nesting);
      }
      HttpsJwks set = new HttpsJwks(keys.toString());
      IssuerDocument document = client(keys, true);
      set.setSimpleHttpGet(location -> read(location, document));
      // The issuer may be unreachable for a while: the known keys stay valid.
      set.setRetainCacheOnErrorDuration(KNOWN_FOR.toSeconds());
      return new HttpsJwksVerificationKeyResolver(set);
    } catch (IOException | IllegalArgumentException e) {
      failedAt = System.nanoTime();
      throw unknown(Reason.of(e));
    }
  }

  /**
   * Distinguishes a refused token from keys that can't be fetched to verify it.
   *
   * @throws ApiException {@link ErrorCode#UNAVAILABLE} in the second case
   */
  public void checkAvailable(InvalidJwtException refusal) {
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

  private URI discovered() throws IOException {
    List<String> failures = new ArrayList<>();
    for (URI document : documents()) {
      try {
        return keysIn(document);
      } catch (IOException e) {
        failures.add(Reason.of(e));
      }
    }
    throw new IOException(String.join("; ", failures));
  }

  private List<URI> documents() {
    String issuer = source.issuer().toString();
    List<URI> documents = new ArrayList<>();
    if (source.isAuthorizationServer()) {
      String path = source.issuer().getRawPath().replaceFirst("/$", "");
      documents.add(source.issuer().resolve(OAUTH + path));
    }
    documents.add(URI.create(issuer + (issuer.endsWith("/") ? "" : "/") + OPENID));
    return documents;
  }

  private URI keysIn(URI document) throws IOException {
    IssuerDocument client = client(document, false);
    Response answer;
    try {
      answer = read(document.toString(), client);
    } finally {
      OperatorHttp.close(client);
    }
    JsonNode said =
        json.parse(answer.getBody()).orElseThrow(() -> new IOException(document + " is not JSON"));
    if (source.isAuthorizationServer()
        && !said.path("issuer").asText().equals(source.issuer().toString())) {
      throw new IOException(document + " belongs to the issuer " + said.path("issuer").asText());
    }
    String keys = said.path("jwks_uri").asText();
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

  private ApiException unknown(String why) {
    LOG.errorf(
        "The keys of %s can't be fetched (%s): name their address, or a file with them, in %s.",
        source.setting(), why, source.setting().replace("ISSUER", "KEYS"));
    return unavailable();
  }

  private static ApiException unavailable() {
    return ApiException.retryLater(
        ErrorCode.UNAVAILABLE,
        "The issuer's keys can't be fetched now: send the request again.",
        PAUSE);
  }
}
