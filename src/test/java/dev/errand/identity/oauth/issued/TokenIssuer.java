package dev.errand.identity.oauth.issued;

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
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jwk.RsaJwkGenerator;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.lang.JoseException;
import org.jspecify.annotations.Nullable;

/**
 * An authorization server whose access tokens are JWTs, configured in place of the built-in one.
 */
public final class TokenIssuer implements QuarkusTestResourceLifecycleManager {
  /** The address of the service, for which tokens are issued. */
  static final String SERVICE = "https://errand.example";

  static final String SUBJECT = "subject-1";
  static final String CLIENT = "chat-1";

  /** How often it was asked for anything. */
  static final AtomicInteger REQUESTS = new AtomicInteger();

  private static final List<PublicJsonWebKey> KEYS = new CopyOnWriteArrayList<>();
  private static volatile String url = "";

  /** Whether it answers with an error only. */
  static volatile boolean away;

  /** The issuer that its metadata name; empty for the right one. */
  static volatile String named = "";

  private @Nullable HttpServer server;

  @Override
  public Map<String, String> start() {
    try {
      HttpServer started =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      started.createContext("/.well-known/oauth-authorization-server/realm", TokenIssuer::metadata);
      started.createContext("/keys", TokenIssuer::keys);
      started.start();
      server = started;
      url = "http://127.0.0.1:" + started.getAddress().getPort() + "/realm";
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return Map.of(
        "errand.url", SERVICE, "errand.oauth.issuer", url, "errand.oauth.user-claim", "username");
  }

  static String url() {
    return url;
  }

  /** A key of that name. */
  static PublicJsonWebKey key(String id) {
    try {
      PublicJsonWebKey key = RsaJwkGenerator.generateJwk(2048);
      key.setKeyId(id);
      return key;
    } catch (JoseException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Signs with these keys from now on, and with no others. */
  static void publish(PublicJsonWebKey... keys) {
    KEYS.clear();
    KEYS.addAll(List.of(keys));
  }

  /** An access token as it should be, but for what is changed of its claims. */
  static String token(PublicJsonWebKey key, Consumer<JwtClaims> changed) {
    return token(key, "at+jwt", changed);
  }

  /** The same of another type. */
  static String token(PublicJsonWebKey key, String type, Consumer<JwtClaims> changed) {
    return signed(
        key.getPrivateKey(),
        String.valueOf(key.getKeyId()),
        AlgorithmIdentifiers.RSA_USING_SHA256,
        type,
        changed);
  }

  /** A token that is signed in any way, also in none. */
  static String signed(
      @Nullable Key key, String keyId, String algorithm, String type, Consumer<JwtClaims> changed) {
    JwtClaims claims = new JwtClaims();
    claims.setIssuer(url);
    claims.setAudience("https://other.example/api", SERVICE + "/mcp");
    claims.setSubject(SUBJECT);
    claims.setStringClaim("client_id", CLIENT);
    claims.setStringClaim("scope", "openid read run unknown");
    claims.setExpirationTimeMinutesInTheFuture(10);
    claims.setIssuedAtToNow();
    claims.setGeneratedJwtId();
    changed.accept(claims);
    JsonWebSignature token = new JsonWebSignature();
    token.setPayload(claims.toJson());
    token.setKey(key);
    token.setKeyIdHeaderValue(keyId);
    token.setAlgorithmHeaderValue(algorithm);
    token.setAlgorithmConstraints(AlgorithmConstraints.NO_CONSTRAINTS);
    if (!type.isEmpty()) {
      token.setHeader("typ", type);
    }
    try {
      return token.getCompactSerialization();
    } catch (JoseException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void metadata(HttpExchange exchange) throws IOException {
    String issuer = named.isEmpty() ? url : named;
    answer(
        exchange,
        "{\"issuer\":\"" + issuer + "\",\"jwks_uri\":\"" + url.replace("/realm", "/keys") + "\"}");
  }

  private static void keys(HttpExchange exchange) throws IOException {
    answer(exchange, new JsonWebKeySet(KEYS).toJson(JsonWebKey.OutputControlLevel.PUBLIC_ONLY));
  }

  private static void answer(HttpExchange exchange, String text) throws IOException {
    REQUESTS.incrementAndGet();
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
