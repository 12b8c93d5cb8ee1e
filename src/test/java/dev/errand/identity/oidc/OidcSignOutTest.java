package dev.errand.identity.oidc;

import static dev.errand.identity.oidc.OidcBrowser.session;
import static dev.errand.identity.oidc.OidcBrowser.signIn;
import static dev.errand.identity.oidc.OidcBrowser.with;
import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.problem;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How sessions that began by an OpenID provider end: by the person, and where a group is lost. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
@WithTestResource(value = ScriptedProvider.class, scope = TestResourceScope.MATCHING_RESOURCES)
class OidcSignOutTest {
  private static final String NAME = "leaver";
  private static final String SUBJECT = "the leaver&";

  @BeforeEach
  void aPersonOfTheStaff() {
    groups("staff");
  }

  @AfterEach
  void deleteTheUser() {
    api().delete("/api/users/" + NAME);
  }

  private static void groups(String... groups) {
    Map<String, Object> claims = new HashMap<>();
    claims.put("sub", SUBJECT);
    claims.put("preferred_username", NAME);
    claims.put("groups", List.of(groups));
    ScriptedProvider.person = claims;
  }

  private static String home() {
    return "http://localhost:" + RestAssured.port + "/sign-in";
  }

  private static String id(String session) {
    return with(session).get("/api/sessions").path("find { it.current }.id");
  }

  private static Response open(String address) {
    return given()
        .redirects()
        .follow(false)
        .urlEncodingEnabled(false)
        .accept("text/html")
        .get(address);
  }

  @Test
  void signingOutLeadsToTheProvider() {
    String session = session();
    String other = session();
    Response end = with(session).delete("/api/sessions/current");
    end.then().statusCode(200);
    assertEquals(0, end.getDetailedCookie("sessionId").getMaxAge());
    problem(with(session).get(TASKS), 401, "unauthenticated");
    with(other).get(TASKS).then().statusCode(200);
    String url = end.path("sign_out_url");
    assertEquals(home() + "/oidc/sign-out?hint=the%20leaver%26", url);
    open(url)
        .then()
        .statusCode(302)
        .header("Cache-Control", equalTo("no-store"))
        .header(
            "Location",
            equalTo(
                ScriptedProvider.url()
                    + "/logout?realm=team&client_id="
                    + ScriptedProvider.CLIENT
                    + "&post_logout_redirect_uri="
                    + home().replace(":", "%3A").replace("/", "%2F")
                    + "&logout_hint=the%20leaver%26"));
    // Whoever comes without a hint is led there, too.
    open("/sign-in/oidc/sign-out")
        .then()
        .statusCode(302)
        .header("Location", not(containsString("logout_hint")));
  }

  @Test
  void onlyTheSessionOfTheRequestLeadsThere() {
    String session = session();
    String other = session();
    with(session).delete("/api/sessions/" + id(other)).then().statusCode(204);
    with(session).delete("/api/sessions/" + id(session)).then().statusCode(200);
  }

  @Test
  void losingTheGroupEndsTheSessions() {
    groups("staff", "ops");
    String one = session();
    String two = session();
    String[] ended = {"sessions/" + id(one), "sessions/" + id(two)};
    groups("others");
    Response refused = signIn();
    refused
        .then()
        .statusCode(403)
        .body(containsString("leaver may not sign in here"))
        .body(containsString("Your sessions that began by single sign-on have ended"));
    assertFalse(refused.getDetailedCookies().hasCookieWithName("sessionId"));
    problem(with(one).get(TASKS), 401, "unauthenticated");
    problem(with(two).get(TASKS), 401, "unauthenticated");
    api()
        .get("/api/audit?actor=" + NAME + "&action=session.ended&limit=2")
        .then()
        .body("object", containsInAnyOrder(ended))
        .body("actor.client", everyItem(equalTo("oidc")));
    // What the groups have shared is shared no more.
    api().get("/api/profiles/~/default/members").then().body("user", not(hasItem(NAME)));
    // Once more there is nothing to end, and nothing is said of it.
    signIn().then().statusCode(403).body(not(containsString("have ended")));
    groups("staff");
    with(session()).get(TASKS).then().statusCode(200);
  }

  @Test
  void losingTheGroupOfAdminsAlsoAppliesToTokens() {
    groups("chiefs");
    String session = session();
    String token =
        with(session)
            .body("{\"name\": \"all\", \"scopes\": [\"read\", \"admin\"]}")
            .post("/api/tokens")
            .then()
            .statusCode(201)
            .extract()
            .path("token");
    groups();
    signIn().then().statusCode(403);
    problem(with(token).get("/api/users"), 403, "scope_missing");
    api().get("/api/users").then().body("find { it.username == 'leaver' }.role", equalTo("member"));
  }

  @Test
  void aStrangerWhoIsRefusedEndsNothing() {
    String session = session();
    Map<String, Object> stranger = new HashMap<>(ScriptedProvider.person);
    stranger.put("sub", "a-stranger");
    stranger.put("groups", List.of());
    ScriptedProvider.person = stranger;
    signIn().then().statusCode(403).body(not(containsString("have ended")));
    with(session).get(TASKS).then().statusCode(200);
  }
}
