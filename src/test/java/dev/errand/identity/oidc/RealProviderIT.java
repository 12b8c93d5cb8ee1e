package dev.errand.identity.oidc;

import static dev.errand.identity.oidc.OidcBrowser.with;
import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.problem;
import static io.restassured.RestAssured.given;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.matchesRegex;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.base.secret.Sha256;
import dev.errand.identity.oidc.RealBrowser.Page;
import dev.errand.support.Chat;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import org.jose4j.jwk.RsaJwkGenerator;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.lang.JoseException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Sign-in by a provider that others have written: {@code ./mvnw test -Poidc}. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
@QuarkusTestResource(value = NodeProvider.class, restrictToAnnotatedClass = true)
class RealProviderIT {
  private static final String SIGN_IN = "http://localhost:8081/sign-in/oidc";

  @AfterEach
  void tidyUp() {
    ValidatableResponse said = provider("{\"groups\":[\"staff\"],\"idTokenSeconds\":300}");
    for (String user : new String[] {"ada", "grace"}) {
      api().delete("/api/users/" + user);
    }
    // Where it fails, a refusal proves nothing.
    said.body("errors", empty());
  }

  /**
   * Changes what the provider says from now on, and reads which logouts it has told and where it
   * failed.
   */
  private static ValidatableResponse provider(String change) {
    return given()
        .queryParam("set", change)
        .get(NodeProvider.url() + "/of-the-tests")
        .then()
        .statusCode(200);
  }

  private static RealBrowser signedIn(String name) {
    RealBrowser browser = new RealBrowser();
    Page page = browser.signIn(SIGN_IN, name);
    assertEquals(200, page.status(), page::text);
    assertEquals("/sign-in", page.address().getPath());
    return browser;
  }

  private static String me(RealBrowser browser, String field) {
    return with(browser.session()).get("/api/users/~").then().statusCode(200).extract().path(field);
  }

  @Test
  void aPersonSignsInAndGroupsDecide() {
    RealBrowser browser = signedIn("ada");
    assertEquals("ada", me(browser, "username"));
    assertEquals("ada@example.com", me(browser, "emails[0].email"));
    assertEquals("member", me(browser, "role"));
    problem(
        with(browser.session()).get("/api/profiles/admin/default/tasks"), 404, "profile_not_found");
    provider("{\"groups\":[\"chiefs\",\"ops\"]}");
    assertEquals("admin", me(signedIn("ada"), "role"));
    with(browser.session()).get("/api/profiles/admin/default/tasks").then().statusCode(200);
    provider("{\"groups\":[\"staff\"]}");
    // The person is still signed in at the provider, which asks nothing.
    assertEquals("/sign-in", browser.open(SIGN_IN).address().getPath());
    assertEquals("member", me(browser, "role"));
    problem(
        with(browser.session()).get("/api/profiles/admin/default/tasks"), 404, "profile_not_found");
  }

  @Test
  void usersWithoutAGroupMayNotSignIn() {
    provider("{\"groups\":[\"others\"]}");
    RealBrowser browser = new RealBrowser();
    Page page = browser.signIn(SIGN_IN, "grace");
    assertEquals(403, page.status());
    assertTrue(page.text().contains("grace may not sign in here"), page::text);
    assertEquals("", browser.session());
    provider("{\"groups\":[\"staff\"]}");
    RealBrowser later = signedIn("grace");
    provider("{\"groups\":[\"others\"]}");
    Page refused = later.open(SIGN_IN);
    assertEquals(403, refused.status());
    assertTrue(refused.text().contains("have ended"), refused::text);
    problem(with(later.session()).get(TASKS), 401, "unauthenticated");
  }

  @Test
  void signingOutThereEndsTheSessionHere() {
    RealBrowser one = signedIn("ada");
    RealBrowser other = signedIn("ada");
    one.signOut();
    problem(with(one.session()).get(TASKS), 401, "unauthenticated");
    with(other.session()).get(TASKS).then().statusCode(200);
    provider("{}").body("logouts", hasItem("errand taken"));
  }

  @Test
  void signingOutHereLeadsThereAndBack() {
    RealBrowser browser = signedIn("ada");
    String url =
        with(browser.session())
            .delete("/api/sessions/current")
            .then()
            .statusCode(200)
            .extract()
            .path("sign_out_url");
    Page asks = browser.open(url);
    assertEquals("/session/end", asks.address().getPath());
    assertEquals(200, asks.status(), asks::text);
    Page back = browser.confirm(asks);
    assertEquals("http://localhost:8081/sign-in", back.address().toString());
    // The provider asks who it is again.
    Page next = browser.open(SIGN_IN);
    assertTrue(next.address().getPath().startsWith("/interaction/"), next.address()::toString);
    assertTrue(next.text().contains("name=\"password\""), next::text);
  }

  @Test
  void aLogoutOfAnotherClientEndsNothing() {
    RealBrowser browser = signedIn("ada");
    RealBrowser elsewhere = new RealBrowser();
    String nowhere = NodeProvider.url() + "/nowhere";
    Page page =
        elsewhere.signIn(
            NodeProvider.url()
                + "/auth?client_id=another&response_type=code&scope=openid&state=x"
                + "&code_challenge_method=S256&code_challenge="
                + "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&redirect_uri="
                + URLEncoder.encode(nowhere, StandardCharsets.UTF_8),
            "ada");
    assertEquals("/nowhere", page.address().getPath());
    elsewhere.signOut();
    provider("{}").body("logouts", hasItem(matchesRegex("another refused: .* got: 400 .*")));
    with(browser.session()).get(TASKS).then().statusCode(200);
  }

  @Test
  void aForgedLogoutEndsNothing() throws JoseException {
    RealBrowser browser = signedIn("ada");
    JwtClaims claims = new JwtClaims();
    claims.setIssuer(NodeProvider.url());
    claims.setAudience("errand");
    claims.setSubject("ada");
    claims.setJwtId("forged");
    claims.setIssuedAtToNow();
    claims.setExpirationTimeMinutesInTheFuture(5);
    claims.setClaim(
        "events", Map.of("http://schemas.openid.net/event/backchannel-logout", Map.of()));
    String published = given().get(NodeProvider.url() + "/jwks").path("keys[0].kid");
    String token =
        ScriptedProvider.signed(
            claims,
            RsaJwkGenerator.generateJwk(2048).getPrivateKey(),
            published,
            AlgorithmIdentifiers.RSA_USING_SHA256);
    given()
        .contentType("application/x-www-form-urlencoded")
        .formParam("logout_token", token)
        .post("/sign-in/oidc/backchannel-logout")
        .then()
        .statusCode(400);
    with(browser.session()).get(TASKS).then().statusCode(200);
  }

  @Test
  void anAccessTokenOfTheProviderActsForItsUser() {
    RealBrowser browser = signedIn("ada");
    JsonPath tokens = tokens(browser, "/mcp", "openid read run");
    assertThat(
        Chat.ofTests()
            .by(tokens.getString("access_token"))
            .result("tools/list", Map.of())
            .getList("tools.name"),
        hasItems("list_tasks", "get_run", "cancel_run"));
    assertEquals(401, list("/mcp", tokens.getString("id_token")));
    String ofProfile = tokens(browser, "/mcp/ada/default", "read").getString("access_token");
    assertEquals(200, list("/mcp/ada/default", ofProfile));
    assertEquals(401, list("/mcp", ofProfile));
    given().get("/oauth/authorize").then().statusCode(404);
    api().delete("/api/users/ada?force=true").then().statusCode(204);
    assertEquals(401, list("/mcp", tokens.getString("access_token")), "it is nobody's now");
  }

  private static int list(String endpoint, String token) {
    return Chat.ofTests().by(token).at(endpoint).send("tools/list", Map.of()).statusCode();
  }

  /** What a client is given by the provider for an endpoint, in a person's browser. */
  private static JsonPath tokens(RealBrowser browser, String endpoint, String scope) {
    String resource = "http://localhost:8081" + endpoint;
    String verifier = "a-code-verifier-of-43-characters-or-more-0123456789";
    String challenge = Base64.getUrlEncoder().withoutPadding().encodeToString(Sha256.of(verifier));
    String redirect = NodeProvider.url() + "/nowhere";
    Page back =
        browser.signIn(
            NodeProvider.url()
                + "/auth?client_id=another&response_type=code&code_challenge_method=S256"
                + "&code_challenge=%s&redirect_uri=%s&resource=%s&scope=%s"
                    .formatted(
                        challenge,
                        URLEncoder.encode(redirect, StandardCharsets.UTF_8),
                        URLEncoder.encode(resource, StandardCharsets.UTF_8),
                        URLEncoder.encode(scope, StandardCharsets.UTF_8)),
            "ada");
    String query = String.valueOf(back.address().getQuery());
    assertTrue(query.contains("code="), () -> back.address() + back.text());
    return given()
        .auth()
        .preemptive()
        .basic("another", "the-secret-of-another-in-tests")
        .formParam("grant_type", "authorization_code")
        .formParam("code", query.replaceFirst("^(.*&)?code=([^&]*).*$", "$2"))
        .formParam("redirect_uri", redirect)
        .formParam("code_verifier", verifier)
        .formParam("resource", resource)
        .post(NodeProvider.url() + "/token")
        .then()
        .statusCode(200)
        .extract()
        .jsonPath();
  }

  @Test
  void anIdTokenThatHasExpiredIsRefused() {
    provider("{\"idTokenSeconds\":-60}");
    RealBrowser browser = new RealBrowser();
    assertEquals(401, browser.signIn(SIGN_IN, "ada").status());
    assertEquals("", browser.session());
  }

  @Test
  void theProviderMayStartAgainWithOtherKeys() {
    signedIn("ada");
    NodeProvider.restart();
    assertEquals("ada", me(signedIn("ada"), "username"));
  }
}
