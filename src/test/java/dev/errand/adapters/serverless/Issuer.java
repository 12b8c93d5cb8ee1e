package dev.errand.adapters.serverless;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.Key;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwk.EcJwkGenerator;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jwk.RsaJwkGenerator;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.keys.EllipticCurves;
import org.jose4j.lang.JoseException;
import org.jspecify.annotations.Nullable;

/** An OpenID provider with a discovery document and a set of keys, and nobody who signs in. */
public final class Issuer implements QuarkusTestResourceLifecycleManager {
  static final String AUDIENCE = "errand-of-the-tests";

  private static final List<PublicJsonWebKey> KEYS = new CopyOnWriteArrayList<>();
  private static volatile String url = "";

  /** How often it was asked where its keys are. */
  static final AtomicInteger DISCOVERIES = new AtomicInteger();

  /** Whether it answers at all. */
  static volatile boolean away;

  /** What it says besides its keys. */
  static volatile String padding = "";

  private @Nullable HttpServer server;

  @Override
  public Map<String, String> start() {
    try {
      HttpServer started =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      started.createContext("/tenant/.well-known/openid-configuration", Issuer::discovery);
      started.createContext("/keys", Issuer::keys);
      started.start();
      server = started;
      url = "http://127.0.0.1:" + started.getAddress().getPort() + "/tenant";
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return Map.of(
        "errand.worker.mode",
        "request",
        "errand.events.oidc.issuer",
        url,
        "errand.events.oidc.audience",
        AUDIENCE);
  }

  static String url() {
    return url;
  }

  /** Signs with these keys from now on, and with no others. */
  static void publish(PublicJsonWebKey... keys) {
    KEYS.clear();
    KEYS.addAll(List.of(keys));
  }

  static PublicJsonWebKey rsa(String id) throws JoseException {
    return named(RsaJwkGenerator.generateJwk(2048), id);
  }

  static PublicJsonWebKey ec(String id) throws JoseException {
    return named(EcJwkGenerator.generateJwk(EllipticCurves.P256), id);
  }

  private static PublicJsonWebKey named(PublicJsonWebKey key, String id) {
    key.setKeyId(id);
    return key;
  }

  /** A token as it should be, but for what is changed of its claims. */
  static String token(PublicJsonWebKey key, Consumer<JwtClaims> changed) throws JoseException {
    String algorithm =
        key.getKeyType().equals("RSA")
            ? AlgorithmIdentifiers.RSA_USING_SHA256
            : AlgorithmIdentifiers.ECDSA_USING_P256_CURVE_AND_SHA256;
    return signed(key.getPrivateKey(), String.valueOf(key.getKeyId()), algorithm, changed);
  }

  /** A token that is signed in any way, also in none. */
  static String signed(
      @Nullable Key key, String keyId, String algorithm, Consumer<JwtClaims> changed)
      throws JoseException {
    JwtClaims claims = new JwtClaims();
    claims.setIssuer(url);
    claims.setAudience("somebody-else", AUDIENCE);
    claims.setSubject("system:serviceaccount:default:errand");
    claims.setExpirationTimeMinutesInTheFuture(10);
    claims.setIssuedAtToNow();
    changed.accept(claims);
    JsonWebSignature token = new JsonWebSignature();
    token.setPayload(claims.toJson());
    token.setKey(key);
    token.setKeyIdHeaderValue(keyId);
    token.setAlgorithmHeaderValue(algorithm);
    token.setAlgorithmConstraints(AlgorithmConstraints.NO_CONSTRAINTS);
    return token.getCompactSerialization();
  }

  private static void discovery(HttpExchange exchange) throws IOException {
    DISCOVERIES.incrementAndGet();
    answer(
        exchange,
        "{\"issuer\":\"" + url + "\",\"jwks_uri\":\"" + url.replace("/tenant", "/keys") + "\"}");
  }

  private static void keys(HttpExchange exchange) throws IOException {
    answer(
        exchange,
        padding + new JsonWebKeySet(KEYS).toJson(JsonWebKey.OutputControlLevel.PUBLIC_ONLY));
  }

  private static void answer(HttpExchange exchange, String text) throws IOException {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(away ? 500 : 200, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  @Override
  public void stop() {
    if (server != null) {
      server.stop(0);
    }
  }
}
