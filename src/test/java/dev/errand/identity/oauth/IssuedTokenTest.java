package dev.errand.identity.oauth;

import static dev.errand.identity.oauth.TokenIssuer.SERVICE;
import static dev.errand.identity.oauth.TokenIssuer.token;
import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.register;
import static io.restassured.RestAssured.given;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.json.Json;
import dev.errand.support.Chat;
import dev.errand.support.Eventually;
import dev.errand.support.JwtIssuer;
import dev.errand.support.OtherUser;
import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import io.smallrye.config.SmallRyeConfigBuilder;
import jakarta.inject.Inject;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;
import org.jose4j.keys.HmacKey;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Access tokens of an authorization server that stands in place of the built-in one. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
@QuarkusTestResource(value = TokenIssuer.class, restrictToAnnotatedClass = true)
class IssuedTokenTest {
  private static final Map<String, ?> CALL = Map.of("name", "run_asked", "arguments", Map.of());

  private final PublicJsonWebKey key =
      JwtIssuer.rsa("key-" + Integer.toHexString(System.identityHashCode(this)));
  private final ScriptedModel model = new ScriptedModel();
  private OtherUser ada;

  @Inject DataSource database;
  @Inject OAuthConfig config;

  @BeforeEach
  void aUserWhoHasSignedIn() throws Exception {
    TokenIssuer.ISSUER.publish(key);
    ada = OtherUser.named("issued-ada", database);
    execute(
        """
        INSERT INTO oidc_identity (issuer, subject, account_id, created_at)
        SELECT ?, ?, id, now() FROM account WHERE username = 'issued-ada'
        """,
        TokenIssuer.ISSUER.url(),
        TokenIssuer.SUBJECT);
    ada.register("asked", "Hello", model);
  }

  @AfterEach
  void tidyUp() {
    TokenIssuer.ISSUER.away(false);
    TokenIssuer.ISSUER.named("");
    api().delete("/api/users/issued-ada?force=true").then().statusCode(204);
    model.close();
  }

  private void execute(String sql, String... values) throws Exception {
    try (Connection connection = database.getConnection();
        PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        statement.setString(i + 1, values[i]);
      }
      statement.executeUpdate();
    }
  }

  private static Response list(String token) {
    return Chat.ofTests().by(token).send("tools/list", Map.of());
  }

  /** Keys are fetched no more often than every now and then, whatever tokens name. */
  private void awaitTaken(String token) {
    Eventually.await("a token that is taken", () -> list(token).statusCode() == 200);
  }

  private Chat chat(Consumer<JwtClaims> changed) {
    String token = token(key, changed);
    awaitTaken(token(key, claims -> {}));
    return Chat.ofTests().by(token);
  }

  private static void refuse(String why, String token, String detail) {
    Response answer = list(token);
    assertEquals(401, answer.statusCode(), why);
    assertThat(why, answer.path("detail"), containsString(detail));
    assertThat(
        why,
        answer.header("WWW-Authenticate"),
        equalTo(
            ("Bearer error=\"invalid_token\", resource_metadata=\"%s/.well-known/oauth-protected-resource/mcp\","
                    + " scope=\"read run\"")
                .formatted(SERVICE)));
  }

  private void refuse(String why, String detail, Consumer<JwtClaims> changed) {
    refuse(why, token(key, changed), detail);
  }

  @Test
  void theMetadataNameTheIssuerAndTheBuiltInServerIsOff() {
    given()
        .get("/.well-known/oauth-protected-resource/mcp/ada/reports")
        .then()
        .statusCode(200)
        .body("resource", equalTo(SERVICE + "/mcp/ada/reports"))
        .body("authorization_servers", contains(TokenIssuer.ISSUER.url()));
    given()
        .get("/.well-known/oauth-authorization-server")
        .then()
        .statusCode(404)
        .body("error_description", containsString(TokenIssuer.ISSUER.url()));
    // What other servers see of this service as a client is no part of it.
    given().get("/oauth/client.json").then().statusCode(200);
    given().redirects().follow(false).get("/oauth/authorize?client_id=x").then().statusCode(404);
    // However its addresses are written.
    for (String path :
        List.of(
            "/oauth/token;a=b",
            "//oauth/token",
            "/oauth/./token",
            "/oauth/%74oken",
            "/oauth;a=b/token")) {
      given()
          .urlEncodingEnabled(false)
          .post(path)
          .then()
          .statusCode(404)
          .body("error_description", containsString(TokenIssuer.ISSUER.url()));
    }
    given()
        .contentType("application/json")
        .body("{}")
        .post("/oauth/register")
        .then()
        .statusCode(404);
    for (String path : List.of("/oauth/token", "/oauth/revoke")) {
      given().formParam("token", "x").post(path).then().statusCode(404);
    }
    given()
        .body("{}")
        .post("/mcp")
        .then()
        .statusCode(401)
        .header("WWW-Authenticate", containsString("resource_metadata=\"" + SERVICE));
  }

  @Test
  void aTokenActsForItsUserByItsClient() {
    Chat chat = chat(claims -> {});
    List<String> tools = chat.result("tools/list", Map.of()).getList("tools.name");
    assertThat(tools, hasItems("run_asked", "list_tasks", "get_run"));
    JsonPath called = chat.result("tools/call", CALL);
    assertFalse(called.getBoolean("isError"), called.prettify());
    String run = called.getString("structuredContent.run");
    assertEquals(
        "mcp", ada.api().get(TASKS + "/asked/runs/" + run).jsonPath().getString("trigger.kind"));

    chat.call("cancel_run", Map.of("task", "asked", "run", run));
    Chat writes = chat(claims -> claims.setStringClaim("scope", "read write"));
    ada.api().body("{\"mcp\": {\"manage\": true}}").patch("/api/profiles/~/default");
    writes.call("schedule_task", Map.of("task", "asked", "schedule", "daily", "cron", "0 8 * * *"));
    JsonPath line = api().get("/api/audit?actor=issued-ada&action=schedule.created").jsonPath();
    assertEquals(
        "oauth " + TokenIssuer.CLIENT, line.getString("[0].actor.client"), line.prettify());
  }

  @Test
  void scopesAreTheRightsAndNeverMoreThanTheUsers() {
    Chat reads = chat(claims -> claims.setStringClaim("scope", "read"));
    List<String> tools = reads.result("tools/list", Map.of()).getList("tools.name");
    assertThat(tools, not(hasItem("run_asked")));
    Response lacking = reads.send("tools/call", CALL);
    lacking.then().statusCode(403).body("code", equalTo("scope_missing"));
    assertThat(
        lacking.header("WWW-Authenticate"),
        containsString("error=\"insufficient_scope\", resource_metadata=\"" + SERVICE));
    assertThat(lacking.header("WWW-Authenticate"), containsString("scope=\"read run\""));
    for (String scope : List.of("", "admin publish", "readrun")) {
      chat(claims -> claims.setStringClaim("scope", scope))
          .send("tools/list", Map.of())
          .then()
          .statusCode(403);
    }
  }

  @Test
  void aTokenIsValidOnlyAtItsAddress() {
    String good = token(key, claims -> {});
    awaitTaken(good);
    for (String path : List.of("/mcp/issued-ada/default", "/mcp/x/y", "/mcp/a/b/c")) {
      assertEquals(401, Chat.ofTests().by(good).at(path).send("tools/list", Map.of()).statusCode());
    }
    for (String path : List.of("/api/users/~", "/api/tokens", "/api/profiles")) {
      given().header("Authorization", "Bearer " + good).get(path).then().statusCode(401);
    }
    Chat profile =
        chat(claims -> claims.setAudience(SERVICE + "/mcp/issued-ada/default"))
            .at("/mcp/issued-ada/default");
    profile.send("tools/list", Map.of()).then().statusCode(200);
    // What the request says of the service's address is nothing to go by.
    given()
        .header("Authorization", "Bearer " + token(key, c -> c.setAudience("http://evil.test/mcp")))
        .header("Host", "evil.test")
        .body("{}")
        .post("/mcp")
        .then()
        .statusCode(401);
  }

  @Test
  void invalidTokensAreRefused() {
    awaitTaken(token(key, claims -> {}));
    String isNotTaken = "is refused";
    String issuer = "is not from the issuer";
    String address = "is not for this address";
    refuse("ended", "has expired", claims -> claims.setExpirationTimeMinutesInTheFuture(-5));
    refuse("without an end", isNotTaken, claims -> claims.unsetClaim("exp"));
    refuse(
        "not yet",
        isNotTaken,
        claims ->
            claims.setNotBefore(NumericDate.fromSeconds(NumericDate.now().getValue() + 3600)));
    refuse("of another issuer", issuer, claims -> claims.setIssuer("https://evil.example"));
    refuse("of one like it", issuer, claims -> claims.setIssuer(TokenIssuer.ISSUER.url() + "/"));
    refuse("of none", issuer, claims -> claims.unsetClaim("iss"));
    refuse("for nothing", address, claims -> claims.unsetClaim("aud"));
    refuse("for another service", address, claims -> claims.setAudience("https://a.example/mcp"));
    refuse("for the whole service", address, claims -> claims.setAudience(SERVICE));
    refuse("for a profile", address, claims -> claims.setAudience(SERVICE + "/mcp/a/b"));
    refuse("about nobody", isNotTaken, claims -> claims.unsetClaim("sub"));
    refuse("about a blank", "blank", claims -> claims.setSubject(" "));
    refuse("about NUL", "NUL", claims -> claims.setSubject("a\0b"));
    refuse(
        "of a client with NUL",
        "name its client",
        claims -> claims.setStringClaim("client_id", "a\0b"));
    refuse("about a stranger", "No user is known", claims -> claims.setSubject("stranger"));
    refuse("of no client", "name its client", claims -> claims.unsetClaim("client_id"));
    refuse("bound", "bound to a key", claims -> claims.setClaim("cnf", Map.of("jkt", "x")));
    refuse("with numbers", isNotTaken, claims -> claims.setClaim("scope", 7));

    PublicJsonWebKey other = JwtIssuer.rsa(String.valueOf(key.getKeyId()));
    refuse("signed by another key", token(other, claims -> {}), isNotTaken);
    refuse("by an unknown one", token(JwtIssuer.rsa("x"), claims -> {}), isNotTaken);
    String good = token(key, claims -> {});
    refuse("signed by nobody", good.substring(0, good.lastIndexOf('.') + 1), isNotTaken);
    String more = token(key, claims -> claims.setStringClaim("scope", "write"));
    refuse(
        "with another's signature",
        more.substring(0, more.lastIndexOf('.')) + good.substring(good.lastIndexOf('.')),
        isNotTaken);
  }

  @Test
  void theAlgorithmIsTheIssuersToChoose() {
    awaitTaken(token(key, claims -> {}));
    String id = String.valueOf(key.getKeyId());
    refuse("none", TokenIssuer.signed(null, id, AlgorithmIdentifiers.NONE), "is refused");
    String jwk = key.toJson(JsonWebKey.OutputControlLevel.PUBLIC_ONLY);
    for (byte[] secret :
        new byte[][] {key.getPublicKey().getEncoded(), jwk.getBytes(StandardCharsets.UTF_8)}) {
      for (String algorithm :
          List.of(AlgorithmIdentifiers.HMAC_SHA256, AlgorithmIdentifiers.HMAC_SHA512)) {
        HmacKey hmac = new HmacKey(Arrays.copyOf(secret, Math.max(64, secret.length)));
        refuse("HMAC with the public key", TokenIssuer.signed(hmac, id, algorithm), "is refused");
      }
    }
  }

  @Test
  void otherTokensOfTheIssuerAreNoAccessTokens() {
    awaitTaken(token(key, claims -> {}));
    awaitTaken(token(key, "application/at+jwt", claims -> {}));
    awaitTaken(token(key, "AT+JWT", claims -> {}));
    // As providers write them that do not follow RFC 9068.
    for (String type : List.of("JWT", "")) {
      awaitTaken(
          token(
              key,
              type,
              claims -> {
                claims.unsetClaim("client_id");
                claims.setStringClaim("azp", "chat-2");
              }));
      String no = "not an access token";
      refuse("without a scope", token(key, type, claims -> claims.unsetClaim("scope")), no);
      for (String claim : List.of("nonce", "at_hash", "c_hash")) {
        refuse(claim, token(key, type, claims -> claims.setStringClaim(claim, "x")), no);
      }
      refuse("an ID token", token(key, type, claims -> claims.setStringClaim("typ", "ID")), no);
    }
    for (String type : List.of("logout+jwt", "id+jwt", "dpop+jwt", "secevent+jwt")) {
      refuse(type, token(key, type, claims -> {}), "not an access token");
    }
    refuse("garbage", "eyJhbGciOiJub25lIn0.e30.", "is refused");
    refuse("no token at all", "eyJx.eyJ5.z", "is refused");
    refuse(
        "of the built-in server",
        "err_at_" + "x".repeat(49),
        "now uses access tokens of another server");
  }

  @Test
  void aUserMayBeNamedByTheClaimThatIsConfigured() {
    Consumer<JwtClaims> byName =
        claims -> {
          claims.setSubject("another-subject");
          claims.setStringClaim("username", "issued-ada");
        };
    assertThat(
        chat(byName).result("tools/list", Map.of()).getList("tools.name"), hasItem("run_asked"));
    refuse(
        "nobody",
        "No user is known",
        claims -> {
          claims.setSubject("another-subject");
          claims.setStringClaim("username", "issued-nobody");
        });
    // The one who signed in as the subject is meant, whatever the claim says.
    register("asked-of-admin", "Hello", model).then().statusCode(201);
    assertThat(
        chat(claims -> claims.setStringClaim("username", "admin"))
            .result("tools/list", Map.of())
            .getList("tools.name"),
        not(hasItem("run_asked-of-admin")));
    api().delete(TASKS + "/asked-of-admin?force=true").then().statusCode(204);
  }

  @Test
  void tokensOfAdminsHaveOnlyTheirScopes() {
    Chat admin =
        chat(
            claims -> {
              claims.setSubject("admin-subject");
              claims.setStringClaim("username", "admin");
              claims.setStringClaim("scope", "admin read");
            });
    assertThat(
        admin.result("tools/list", Map.of()).getList("tools.name"),
        contains("list_tasks", "get_run", "list_runs"));
  }

  @Test
  void aDisabledUserIsRefused() throws Exception {
    awaitTaken(token(key, claims -> {}));
    execute("UPDATE account SET disabled_at = now() WHERE username = 'issued-ada'");
    refuse("disabled", "is disabled", claims -> {});
  }

  @Test
  void aNewKeyIsFoundAndAFormerOneHoldsNoLonger() {
    awaitTaken(token(key, claims -> {}));
    PublicJsonWebKey next = JwtIssuer.rsa("next-" + key.getKeyId());
    TokenIssuer.ISSUER.publish(next);
    awaitTaken(token(next, claims -> {}));
    refuse("former", token(key, claims -> {}), "is refused");
    TokenIssuer.ISSUER.away(true);
    list(token(next, claims -> {})).then().statusCode(200);
  }

  @Test
  void anIssuerThatIsAwayIsAnotherErrorThanATokenThatIsNotTaken() {
    IssuedTokenReader reader = new IssuedTokenReader(config, new Json(new JsonMapper()));
    TokenIssuer.ISSUER.away(true);
    int before = TokenIssuer.ISSUER.requests();
    String stranger = token(key, claims -> claims.setIssuer("https://evil.example"));
    assertEquals(ErrorCode.UNAUTHENTICATED, refusal(reader, stranger));
    assertEquals(before, TokenIssuer.ISSUER.requests(), "what is no token of it costs it nothing");
    for (int i = 0; i < 3; i++) {
      assertEquals(ErrorCode.UNAVAILABLE, refusal(reader, token(key, claims -> {})));
    }
    assertEquals(before + 1, TokenIssuer.ISSUER.requests());
  }

  @Test
  void aTokenIsGoodAsLongAsItIsTaken() {
    IssuedTokenReader reader = new IssuedTokenReader(config, new Json(new JsonMapper()));
    long now = NumericDate.now().getValue();
    String ended =
        token(
            key,
            claims -> {
              claims.setIssuedAt(NumericDate.fromSeconds(now - 600));
              claims.setExpirationTime(NumericDate.fromSeconds(now - 10));
            });
    assertEquals(Instant.ofEpochSecond(now + 50), reader.read(ended).expiresAt());
  }

  @Test
  void metadataOfAnotherIssuerAreNotTaken() {
    TokenIssuer.ISSUER.named("https://evil.example");
    IssuedTokenReader reader = new IssuedTokenReader(config, new Json(new JsonMapper()));
    assertEquals(ErrorCode.UNAVAILABLE, refusal(reader, token(key, claims -> {})));
  }

  @Test
  void missingOrWrongSettingsStopTheStart() {
    Optional<URI> url = Optional.of(URI.create(SERVICE));
    IssuedTokens.check(configured(Map.of()), Optional.empty());
    IssuedTokens.check(configured(Map.of("issuer", "https://id.example")), url);
    assertThat(
        stopped(Map.of("issuer", "https://id.example"), Optional.empty()),
        containsString("errand.url is missing"));
    assertThat(
        stopped(Map.of("issuer", "https://id.example", "user-claim", "email"), url),
        containsString("email addresses change hands"));
    for (String issuer : List.of("id.example", "ftp://id.example", "https://id.example?a")) {
      assertThrows(RuntimeException.class, () -> configured(Map.of("issuer", issuer)), issuer);
    }
  }

  private static String stopped(Map<String, String> settings, Optional<URI> url) {
    OAuthConfig wrong = configured(settings);
    return String.valueOf(
        assertThrows(ConfigurationException.class, () -> IssuedTokens.check(wrong, url))
            .getMessage());
  }

  private static OAuthConfig configured(Map<String, String> settings) {
    SmallRyeConfigBuilder builder = new SmallRyeConfigBuilder().withMapping(OAuthConfig.class);
    settings.forEach((name, value) -> builder.withDefaultValue("errand.oauth." + name, value));
    return builder.build().getConfigMapping(OAuthConfig.class);
  }

  private static ErrorCode refusal(IssuedTokenReader reader, String token) {
    return assertThrows(ApiException.class, () -> reader.read(token)).code();
  }
}
