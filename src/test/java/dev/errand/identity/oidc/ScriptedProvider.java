package dev.errand.identity.oidc;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.errand.support.RsaKeys;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.Key;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.lang.JoseException;
import org.jspecify.annotations.Nullable;

/**
 * An OpenID provider that signs in whom the test says, without a question. It checks what a client
 * owes it: the secret, the redirect address and the code verifier.
 */
public final class ScriptedProvider implements QuarkusTestResourceLifecycleManager {
  static final String CLIENT = "errand-of-the-tests";
  private static final String SECRET = "a-secret-of-the-client-in-tests";
  private static final String EVENT = "http://schemas.openid.net/event/backchannel-logout";
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final Map<String, Map<String, String>> CODES = new ConcurrentHashMap<>();
  private static final List<PublicJsonWebKey> KEYS = new CopyOnWriteArrayList<>();
  private static volatile String url = "";

  /** The last request to authorize. */
  static volatile Map<String, String> asked = Map.of();

  /** Whether it answers with an error only. */
  static volatile boolean away;

  /** Whether its document names an address to sign out at. */
  static volatile boolean endsSessions = true;

  /** The claims of the person who signs in. */
  static volatile Map<String, Object> person = Map.of();

  /** A person of the staff signs in from now on, who has that name and subject. */
  public static void signsIn(String name) {
    person = Map.of("sub", name, "preferred_username", name, "groups", List.of("staff"));
  }

  /** A logout token for all sessions of that subject. */
  public static String logoutOf(String subject) {
    return signed(logout(claims -> claims.setSubject(subject)));
  }

  /** Makes an ID token of its claims. */
  static volatile Function<JwtClaims, String> signer = ScriptedProvider::signed;

  private @Nullable HttpServer server;

  @Override
  public Map<String, String> start() {
    server = listen(0);
    return settings(url);
  }

  /** Listens on a port, and has its address there from now on. */
  static HttpServer listen(int port) {
    try {
      HttpServer started =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
      started.createContext("/.well-known/openid-configuration", ScriptedProvider::discovery);
      started.createContext("/keys", ScriptedProvider::keys);
      started.createContext("/authorize", ScriptedProvider::authorize);
      started.createContext("/token", ScriptedProvider::token);
      started.start();
      url = "http://127.0.0.1:" + started.getAddress().getPort();
      rollOver("first");
      return started;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The settings of a service that signs people in by it. */
  static Map<String, String> settings(String at) {
    return Map.of(
        "quarkus.oidc.auth-server-url", at,
        "quarkus.oidc.client-id", CLIENT,
        "quarkus.oidc.credentials.secret", SECRET,
        "quarkus.oidc.token.forced-jwk-refresh-interval", "PT0.001S",
        "errand.oidc.admin-groups", "chiefs",
        "errand.oidc.member-groups", "staff,ops,leads",
        "errand.oidc.member-domains", "example.com",
        "errand.oidc.profile-groups", "ops=admin/default:viewer,leads=admin/default:editor");
  }

  static String url() {
    return url;
  }

  /** Signs with another key from now on, and publishes no other. */
  static void rollOver(String id) {
    PublicJsonWebKey key = RsaKeys.next(id);
    KEYS.clear();
    KEYS.add(key);
  }

  static PublicJsonWebKey key() {
    return KEYS.getFirst();
  }

  /** A token by the published key. */
  static String signed(JwtClaims claims) {
    return signed(
        claims,
        key().getPrivateKey(),
        String.valueOf(key().getKeyId()),
        AlgorithmIdentifiers.RSA_USING_SHA256);
  }

  /** A token that is signed in any way, also in none. */
  static String signed(JwtClaims claims, @Nullable Key key, String id, String algorithm) {
    try {
      JsonWebSignature token = new JsonWebSignature();
      token.setPayload(claims.toJson());
      token.setKey(key);
      token.setKeyIdHeaderValue(id);
      token.setAlgorithmHeaderValue(algorithm);
      token.setAlgorithmConstraints(AlgorithmConstraints.NO_CONSTRAINTS);
      token.setDoKeyValidation(false);
      return token.getCompactSerialization();
    } catch (JoseException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The claims of a logout token as it should be, but for what is changed. */
  static JwtClaims logout(Consumer<JwtClaims> changed) {
    JwtClaims claims = claims();
    claims.setClaim("events", Map.of(EVENT, Map.of()));
    claims.setJwtId(UUID.randomUUID().toString());
    changed.accept(claims);
    return claims;
  }

  private static JwtClaims claims() {
    JwtClaims claims = new JwtClaims();
    claims.setIssuer(url);
    claims.setAudience(CLIENT);
    claims.setIssuedAtToNow();
    claims.setExpirationTimeMinutesInTheFuture(5);
    return claims;
  }

  private static void discovery(HttpExchange exchange) throws IOException {
    Map<String, Object> document = new HashMap<>();
    document.put("issuer", url);
    document.put("authorization_endpoint", url + "/authorize");
    document.put("token_endpoint", url + "/token");
    document.put("jwks_uri", url + "/keys");
    document.put("response_types_supported", List.of("code"));
    document.put("subject_types_supported", List.of("public"));
    document.put("id_token_signing_alg_values_supported", List.of("RS256"));
    if (endsSessions) {
      document.put("end_session_endpoint", url + "/logout?realm=team");
    }
    json(exchange, 200, document);
  }

  private static void keys(HttpExchange exchange) throws IOException {
    answer(
        exchange, 200, new JsonWebKeySet(KEYS).toJson(JsonWebKey.OutputControlLevel.PUBLIC_ONLY));
  }

  private static void authorize(HttpExchange exchange) throws IOException {
    Map<String, String> query = form(exchange.getRequestURI().getRawQuery());
    asked = query;
    String code = UUID.randomUUID().toString();
    CODES.put(code, query);
    exchange
        .getResponseHeaders()
        .set(
            "Location",
            query.get("redirect_uri") + "?code=" + code + "&state=" + encoded(query.get("state")));
    exchange.sendResponseHeaders(302, -1);
    exchange.close();
  }

  private static void token(HttpExchange exchange) throws IOException {
    Map<String, String> form =
        form(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
    String basic =
        "Basic "
            + Base64.getEncoder()
                .encodeToString((CLIENT + ":" + SECRET).getBytes(StandardCharsets.UTF_8));
    Map<String, String> asked = CODES.remove(String.valueOf(form.get("code")));
    if (!basic.equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
      json(exchange, 401, Map.of("error", "invalid_client"));
    } else if (asked == null
        || !String.valueOf(asked.get("redirect_uri")).equals(form.get("redirect_uri"))
        || !challenge(String.valueOf(form.get("code_verifier")))
            .equals(asked.get("code_challenge"))) {
      json(exchange, 400, Map.of("error", "invalid_grant"));
    } else {
      JwtClaims claims = claims();
      claims.setStringClaim("nonce", asked.get("nonce"));
      person.forEach(claims::setClaim);
      json(
          exchange,
          200,
          Map.of(
              "access_token",
              "an-access-token",
              "token_type",
              "Bearer",
              "expires_in",
              300,
              "id_token",
              signer.apply(claims)));
    }
  }

  private static String challenge(String verifier) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.US_ASCII));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Map<String, String> form(String text) {
    Map<String, String> fields = new HashMap<>();
    for (String pair : text.split("&", -1)) {
      int equals = pair.indexOf('=');
      fields.put(
          URLDecoder.decode(pair.substring(0, equals), StandardCharsets.UTF_8),
          URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
    }
    return fields;
  }

  private static String encoded(@Nullable String text) {
    return URLEncoder.encode(String.valueOf(text), StandardCharsets.UTF_8);
  }

  private static void json(HttpExchange exchange, int status, Map<String, ?> body)
      throws IOException {
    answer(exchange, status, JSON.writeValueAsString(body));
  }

  private static void answer(HttpExchange exchange, int status, String text) throws IOException {
    if (away) {
      // The connection ends without an answer.
      exchange.close();
      return;
    }
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, body.length);
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
