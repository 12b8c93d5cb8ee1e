package dev.errand.support;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.Key;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwk.EcJwkGenerator;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.keys.EllipticCurves;
import org.jose4j.lang.JoseException;
import org.jspecify.annotations.Nullable;

/** An issuer of tokens that are JWTs: it publishes its metadata and its keys, and signs. */
public final class JwtIssuer implements AutoCloseable {
  private final String path;
  private final String metadata;
  private final List<PublicJsonWebKey> keys = new CopyOnWriteArrayList<>();
  private final AtomicInteger requests = new AtomicInteger();
  private volatile boolean away;
  private volatile String named = "";
  private volatile String padding = "";
  private volatile String url = "";
  private @Nullable HttpServer server;

  /**
   * An issuer that is not there yet.
   *
   * @param path where its address ends
   * @param metadata the path of its metadata
   */
  public JwtIssuer(String path, String metadata) {
    this.path = path;
    this.metadata = metadata;
  }

  /** Begins to answer, and returns its address, by which its tokens name it. */
  public String start() {
    try {
      HttpServer started =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      String base = "http://127.0.0.1:" + started.getAddress().getPort();
      started.createContext(metadata, exchange -> metadata(exchange, base + "/keys"));
      started.createContext("/keys", this::keys);
      started.start();
      server = started;
      url = base + path;
      return url;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Its address. */
  public String url() {
    return url;
  }

  /** How often it was asked for anything. */
  public int requests() {
    return requests.get();
  }

  /** Whether it answers with an error only, from now on. */
  public void away(boolean is) {
    away = is;
  }

  /** The issuer that its metadata name from now on; empty for the right one. */
  public void named(String issuer) {
    named = issuer;
  }

  /** What stands before its keys from now on. */
  public void padding(String text) {
    padding = text;
  }

  /** Signs with these keys from now on, and with no others. */
  public void publish(PublicJsonWebKey... now) {
    keys.clear();
    keys.addAll(List.of(now));
  }

  /** An RSA key of that name. */
  public static PublicJsonWebKey rsa(String id) {
    return RsaKeys.next(id);
  }

  /** A key of that name on the curve P-256. */
  public static PublicJsonWebKey ec(String id) {
    try {
      return named(EcJwkGenerator.generateJwk(EllipticCurves.P256), id);
    } catch (JoseException e) {
      throw new IllegalStateException(e);
    }
  }

  private static PublicJsonWebKey named(PublicJsonWebKey key, String id) {
    key.setKeyId(id);
    return key;
  }

  /**
   * A token that is good for ten minutes, but for what is changed of its claims.
   *
   * @param type the type in its header; empty for none
   */
  public String token(PublicJsonWebKey key, String type, Consumer<JwtClaims> changed) {
    String algorithm =
        key.getKeyType().equals("RSA")
            ? AlgorithmIdentifiers.RSA_USING_SHA256
            : AlgorithmIdentifiers.ECDSA_USING_P256_CURVE_AND_SHA256;
    return signed(key.getPrivateKey(), String.valueOf(key.getKeyId()), algorithm, type, changed);
  }

  /** The same, signed in any way, also in none. */
  public String signed(
      @Nullable Key key, String keyId, String algorithm, String type, Consumer<JwtClaims> changed) {
    JwtClaims claims = new JwtClaims();
    claims.setIssuer(url);
    claims.setExpirationTimeMinutesInTheFuture(10);
    claims.setIssuedAtToNow();
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

  private void metadata(HttpExchange exchange, String keysAt) throws IOException {
    String issuer = named.isEmpty() ? url : named;
    answer(exchange, "{\"issuer\":\"" + issuer + "\",\"jwks_uri\":\"" + keysAt + "\"}");
  }

  private void keys(HttpExchange exchange) throws IOException {
    answer(
        exchange,
        padding + new JsonWebKeySet(keys).toJson(JsonWebKey.OutputControlLevel.PUBLIC_ONLY));
  }

  private void answer(HttpExchange exchange, String text) throws IOException {
    requests.incrementAndGet();
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(away ? 500 : 200, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  @Override
  public void close() {
    if (server != null) {
      server.stop(0);
    }
  }
}
