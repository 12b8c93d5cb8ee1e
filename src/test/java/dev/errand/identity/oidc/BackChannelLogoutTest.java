package dev.errand.identity.oidc;

import static dev.errand.identity.oidc.OidcBrowser.session;
import static dev.errand.identity.oidc.OidcBrowser.with;
import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.problem;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasSize;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.support.RsaKeys;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of sessions when the provider says that somebody has signed out there. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
@WithTestResource(value = ScriptedProvider.class, scope = TestResourceScope.MATCHING_RESOURCES)
class BackChannelLogoutTest {
  private static final String SUBJECT = "who-signs-out";

  private String first = "";
  private String second = "";

  @BeforeEach
  void aPersonWithTwoSessions() {
    first = sessionOf("one");
    second = sessionOf("two");
  }

  private static String sessionOf(String sid) {
    ScriptedProvider.person =
        Map.of(
            "sub", SUBJECT, "preferred_username", SUBJECT, "groups", List.of("staff"), "sid", sid);
    return session();
  }

  @AfterEach
  void deleteTheUser() {
    ScriptedProvider.signer = ScriptedProvider::signed;
    api().delete("/api/users/" + SUBJECT);
  }

  private static Response send(String token) {
    return given()
        .contentType("application/x-www-form-urlencoded")
        .formParam("logout_token", token)
        .post("/sign-in/oidc/backchannel-logout");
  }

  private static String token(Consumer<JwtClaims> changed) {
    return ScriptedProvider.signed(ScriptedProvider.logout(changed));
  }

  private static String of(String sid) {
    return token(
        claims -> {
          claims.setSubject(SUBJECT);
          claims.setStringClaim("sid", sid);
        });
  }

  private static void isLive(String session) {
    with(session).get(TASKS).then().statusCode(200);
  }

  private static void hasEnded(String session) {
    problem(with(session).get(TASKS), 401, "unauthenticated");
  }

  private static void isRefused(String token) {
    send(token)
        .then()
        .statusCode(400)
        .header("Cache-Control", equalTo("no-store"))
        .body("error", equalTo("invalid_request"));
  }

  @Test
  void theSessionOfAnIdEnds() {
    send(of("one")).then().statusCode(200).header("Cache-Control", equalTo("no-store"));
    hasEnded(first);
    isLive(second);
    // The person need not be named.
    send(token(claims -> claims.setStringClaim("sid", "two"))).then().statusCode(200);
    hasEnded(second);
    api()
        .get("/api/audit?actor=" + SUBJECT + "&action=session.ended&limit=2")
        .then()
        .body("actor.client", everyItem(equalTo("oidc")))
        .body("$", hasSize(2));
    // One that has ended is no error.
    send(of("one")).then().statusCode(200);
  }

  @Test
  void allSessionsOfAPersonEnd() {
    String other = api().get("/api/users/~").path("username");
    send(token(claims -> claims.setSubject(SUBJECT))).then().statusCode(200);
    hasEnded(first);
    hasEnded(second);
    api().get("/api/users/~").then().body("username", equalTo(other));
  }

  @Test
  void aSessionWithoutAnIdEndsWithAnyOfThePerson() {
    ScriptedProvider.person =
        Map.of("sub", SUBJECT, "preferred_username", SUBJECT, "groups", List.of("staff"));
    String unnamed = session();
    send(of("one")).then().statusCode(200);
    hasEnded(unnamed);
    isLive(second);
  }

  @Test
  void aTokenCountsOnce() {
    String token = token(claims -> claims.setSubject(SUBJECT));
    send(token).then().statusCode(200);
    String next = sessionOf("three");
    isRefused(token);
    isLive(next);
  }

  @Test
  void theProviderMayHaveAnotherKeyByThen() {
    ScriptedProvider.rollOver("of-the-logout");
    send(of("one")).then().statusCode(200);
    hasEnded(first);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "iss",
        "aud",
        "exp",
        "no exp",
        "iat",
        "no iat",
        "nonce",
        "no events",
        "other events",
        "no jti",
        "nobody",
        "null",
        "blank",
        "nul",
        "sid",
        "key",
        "text",
        "id token"
      })
  void aForgedOrWrongTokenEndsNothing(String wrong) {
    isRefused(spoilt(wrong));
    isLive(first);
    isLive(second);
  }

  private static String spoilt(String wrong) {
    JwtClaims claims =
        ScriptedProvider.logout(
            token -> {
              token.setSubject(SUBJECT);
              token.setStringClaim("sid", "one");
            });
    switch (wrong) {
      case "iss" -> claims.setIssuer("http://127.0.0.1:1");
      case "aud" -> claims.setAudience("somebody-else");
      case "exp" -> claims.setExpirationTime(NumericDate.fromSeconds(1_700_000_000));
      case "no exp" -> claims.unsetClaim("exp");
      case "iat" -> claims.setIssuedAt(NumericDate.fromSeconds(1_700_000_000));
      case "no iat" -> claims.unsetClaim("iat");
      case "nonce" -> claims.setStringClaim("nonce", "of-an-id-token");
      case "no events" -> claims.unsetClaim("events");
      case "other events" -> claims.setClaim("events", Map.of("urn:another", Map.of()));
      case "no jti" -> claims.unsetClaim("jti");
      case "nobody" -> {
        claims.unsetClaim("sub");
        claims.unsetClaim("sid");
      }
      case "null" -> claims.setClaim("sub", null);
      case "blank" -> claims.setSubject(" ");
      case "nul" -> claims.setSubject("a\0b");
      case "sid" -> claims.setClaim("sid", 1);
      case "key" -> {
        return ScriptedProvider.signed(
            claims,
            RsaKeys.next("other").getPrivateKey(),
            String.valueOf(ScriptedProvider.key().getKeyId()),
            AlgorithmIdentifiers.RSA_USING_SHA256);
      }
      case "text" -> {
        return "no token at all";
      }
      default -> {
        String[] taken = new String[1];
        ScriptedProvider.signer =
            idToken -> {
              taken[0] = ScriptedProvider.signed(idToken);
              return taken[0];
            };
        assertTrue(!session().isEmpty());
        return taken[0];
      }
    }
    return ScriptedProvider.signed(claims);
  }

  @Test
  void aFormWithoutATokenIsRefused() {
    given()
        .contentType("application/x-www-form-urlencoded")
        .formParam("another", "x")
        .post("/sign-in/oidc/backchannel-logout")
        .then()
        .statusCode(400);
  }
}
