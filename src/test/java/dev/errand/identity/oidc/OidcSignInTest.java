package dev.errand.identity.oidc;

import static dev.errand.identity.oidc.OidcBrowser.session;
import static dev.errand.identity.oidc.OidcBrowser.signIn;
import static dev.errand.identity.oidc.OidcBrowser.with;
import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.problem;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.support.RsaKeys;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.http.ContentType;
import io.restassured.http.Cookie;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.crypto.spec.SecretKeySpec;
import javax.sql.DataSource;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How people sign in by an OpenID provider. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
@WithTestResource(value = ScriptedProvider.class, scope = TestResourceScope.MATCHING_RESOURCES)
class OidcSignInTest {
  private static int number;

  @Inject DataSource database;

  private String name = "";

  @BeforeEach
  void aPersonOfTheStaff() {
    number++;
    name = "person-" + number;
    person(Map.of());
  }

  @AfterEach
  void tidyUp() {
    ScriptedProvider.away = false;
    ScriptedProvider.signer = ScriptedProvider::signed;
    for (String user : List.of(name, name + "-2")) {
      api().delete("/api/users/" + user + "?force=true");
    }
  }

  private void person(Map<String, Object> claims) {
    Map<String, Object> all = new HashMap<>();
    all.put("sub", "subject-" + number);
    all.put("preferred_username", name);
    all.put("groups", List.of("staff"));
    all.putAll(claims);
    ScriptedProvider.person = all;
  }

  private static String me(String session, String field) {
    return with(session).get("/api/users/~").then().statusCode(200).extract().path(field);
  }

  private static void refused(Response answer, int status, String part) {
    answer
        .then()
        .statusCode(status)
        .contentType(containsString("text/html"))
        .body(containsString(part));
    assertFalse(answer.getDetailedCookies().hasCookieWithName("sessionId"));
  }

  @Test
  void aPersonSignsInAndIsAUserFromThenOn() {
    person(Map.of("email", name + "@example.org", "email_verified", true));
    Response back = signIn();
    back.then().statusCode(302).header("Location", equalTo(home()));
    Cookie cookie = back.getDetailedCookie("sessionId");
    assertTrue(cookie.isHttpOnly());
    assertEquals("Lax", cookie.getSameSite());
    with(cookie.getValue())
        .get("/api/users/~")
        .then()
        .body("username", equalTo(name))
        .body("role", equalTo("member"))
        .body("emails[0].email", equalTo(name + "@example.org"))
        .body("emails[0].verified", equalTo(true));
    with(cookie.getValue()).get(TASKS).then().statusCode(200);
    // Nothing of the provider stays in the browser.
    for (Cookie other : back.getDetailedCookies().asList()) {
      assertTrue(
          other.getName().equals("sessionId") || other.getMaxAge() == 0, () -> other.toString());
    }
    assertEquals(name, me(session(), "username"));
    with(cookie.getValue()).delete("/api/sessions/current").then().statusCode(200);
    problem(with(cookie.getValue()).get(TASKS), 401, "unauthenticated");
  }

  @Test
  void aSignInLeadsOnToThePageThatGrantsAccessAndNowhereElse() {
    String wanted = "oauth%2Fauthorize%3Fclient_id%3Da%26state%3Ds%2526t";
    OidcBrowser browser = OidcBrowser.begin();
    String first = browser.toTheProvider("?return=" + wanted);
    // Another tab, which leads on to nowhere.
    String second = browser.toTheProvider();
    String base = home().replace("sign-in", "");
    browser
        .back(first)
        .then()
        .statusCode(302)
        .header("Location", equalTo(base + "oauth/authorize?client_id=a&state=s%26t"));
    browser.back(second).then().statusCode(302).header("Location", equalTo(home()));
    for (String other :
        List.of(
            "%2F%2Fevil.example",
            "https%3A%2F%2Fevil.example%2Foauth%2Fauthorize%3F",
            "%2Foauth%2Fauthorize%3Fx",
            "oauth%2Fauthorize%2F..%2F..%2F%2Fevil.example",
            "oauth%2Fauthorize%3F%0D%0ALocation%3Ax",
            "oauth%2Fauthorize%3F%25zz",
            "oauth%2Fauthorize%5C%3F")) {
      OidcBrowser led = OidcBrowser.begin();
      led.back(led.toTheProvider("?return=" + other))
          .then()
          .statusCode(302)
          .header("Location", equalTo(home()));
    }
  }

  private static String home() {
    return "http://localhost:" + RestAssured.port + "/sign-in";
  }

  @Test
  void theFlowIsWithCodeAndProofKey() {
    session();
    Map<String, String> asked = ScriptedProvider.asked;
    assertEquals("code", asked.get("response_type"));
    assertEquals("S256", asked.get("code_challenge_method"));
    assertEquals("openid profile email", asked.get("scope"));
    assertEquals(home() + "/oidc", asked.get("redirect_uri"));
    assertFalse(String.valueOf(asked.get("nonce")).isEmpty());
    // Where to go on to is not for the address to say.
    assertNotEquals(asked.get("state"), asked.get("nonce"));
  }

  @Test
  void thePageOffersTheProvider() {
    given().get("/sign-in").then().body(containsString("href=\"/sign-in/oidc\""));
  }

  @ParameterizedTest
  @ValueSource(strings = {"admin", "mcp", "Bob", "bob@example.org"})
  void aNameDoesNotGiveAccessToAnotherUser(String wished) {
    api().body("{\"role\": \"admin\"}").put("/api/users/bob");
    person(Map.of("preferred_username", wished));
    String given = me(session(), "username");
    try {
      assertTrue(given.matches("(bob|user|mcp)(-[0-9]+)?"), given);
      assertNotEquals("bob", given);
      assertNotEquals("mcp", given);
      // Another name there is the same person here.
      person(Map.of("preferred_username", "carol"));
      assertEquals(given, me(session(), "username"));
      // Another person of that name is another user.
      person(Map.of("preferred_username", wished, "sub", "another-" + number));
      String other = me(session(), "username");
      assertNotEquals(given, other);
      api().delete("/api/users/" + other).then().statusCode(204);
    } finally {
      api().delete("/api/users/" + given);
      api().delete("/api/users/bob");
    }
  }

  @Test
  void aSignInEndsInTheBrowserThatBeganIt() {
    String address = OidcBrowser.begin().toTheProvider();
    refused(OidcBrowser.begin().back(address), 401, "was not begun in this browser");
    OidcBrowser other = OidcBrowser.begin();
    other.toTheProvider();
    refused(other.back(address), 401, "was not begun in this browser");
    OidcBrowser own = OidcBrowser.begin();
    String mine = own.toTheProvider();
    refused(own.back(mine.replaceAll("state=.", "state=x")), 401, "was not begun in this browser");
    refused(own.back(mine.replaceAll("code=[^&]*", "code=x")), 401, "is not valid here");
  }

  @Test
  void aProgramGetsAProblemDocument() {
    String address = OidcBrowser.begin().toTheProvider();
    problem(given().urlEncodingEnabled(false).get(address), 401, "sign_in_refused");
  }

  @Test
  void theProvidersOwnRefusalIsShown() {
    OidcBrowser browser = OidcBrowser.begin();
    String address = browser.toTheProvider();
    refused(
        browser.back(address.replaceAll("code=[^&]*", "error=access_denied")),
        401,
        "`access_denied`");
    refused(
        browser.back(address.replaceAll("code=[^&]*", "error=%3Cb%3E")), 401, "was not completed");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nonce", "aud", "azp", "iss", "exp", "sub", "null", "blank", "nul", "key", "none", "secret"
      })
  void claimsThatTheProviderDidNotIssueAreIgnored(String wrong) {
    ScriptedProvider.signer = claims -> spoilt(claims, wrong);
    refused(signIn(), 401, "is not valid here");
    ScriptedProvider.signer = ScriptedProvider::signed;
    assertEquals(name, me(session(), "username"));
  }

  private static String spoilt(JwtClaims claims, String wrong) {
    String id = String.valueOf(ScriptedProvider.key().getKeyId());
    switch (wrong) {
      case "nonce" -> claims.setStringClaim("nonce", "of-another-sign-in");
      case "aud" -> claims.setAudience("somebody-else");
      case "iss" -> claims.setIssuer("http://127.0.0.1:1");
      case "exp" -> claims.setExpirationTime(NumericDate.fromSeconds(1_700_000_000));
      case "azp" -> claims.setStringClaim("azp", "somebody-else");
      case "sub" -> claims.unsetClaim("sub");
      case "null" -> claims.setClaim("sub", null);
      case "blank" -> claims.setSubject(" ");
      case "nul" -> claims.setSubject("a\0b");
      case "key" -> {
        return ScriptedProvider.signed(
            claims,
            RsaKeys.next("other").getPrivateKey(),
            id,
            AlgorithmIdentifiers.RSA_USING_SHA256);
      }
      case "none" -> {
        return ScriptedProvider.signed(claims, null, id, AlgorithmIdentifiers.NONE);
      }
      default -> {
        // The public key as a shared secret.
        byte[] secret =
            ScriptedProvider.key().getPublicKey().toString().getBytes(StandardCharsets.UTF_8);
        return ScriptedProvider.signed(
            claims, new SecretKeySpec(secret, "HmacSHA256"), id, AlgorithmIdentifiers.HMAC_SHA256);
      }
    }
    return ScriptedProvider.signed(claims);
  }

  @Test
  void anAnswerNamesNoOtherIssuer() {
    String own = "&iss=" + URLEncoder.encode(ScriptedProvider.url(), StandardCharsets.UTF_8);
    String other = "&iss=https%3A%2F%2Fevil.example";
    for (String wrong : List.of(other, "&iss=", own + other, own + own)) {
      OidcBrowser browser = OidcBrowser.begin();
      String address = browser.toTheProvider();
      refused(browser.back(address + wrong), 401, "not from the provider");
      refused(
          browser.back(address.replaceAll("code=[^&]*", "error=access_denied") + wrong),
          401,
          "not from the provider");
      // Its code was not used.
      browser.back(address + own).then().statusCode(302).header("Location", equalTo(home()));
    }
  }

  @Test
  void theClientForWhichATokenWasIssuedIsThisOne() {
    person(Map.of("azp", ScriptedProvider.CLIENT));
    assertEquals(name, me(session(), "username"));
  }

  @Test
  void groupsInOneTextAreOneGroup() {
    person(Map.of("groups", "the chiefs of staff"));
    refused(signIn(), 403, "may not sign in here");
    person(Map.of("groups", "staff"));
    assertEquals("member", me(session(), "role"));
  }

  @Test
  void theProviderMayChangeItsKey() {
    session();
    for (int i = 0; i < 2; i++) {
      ScriptedProvider.rollOver("key-" + number + "-" + i);
      assertEquals(name, me(session(), "username"));
    }
  }

  @Test
  void groupsDecideTheRoleAtEachSignIn() {
    assertEquals("member", me(session(), "role"));
    person(Map.of("groups", List.of("chiefs")));
    String session = session();
    assertEquals("admin", me(session, "role"));
    with(session).get("/api/users").then().statusCode(200);
    person(Map.of());
    assertEquals("member", me(session(), "role"));
    // Of each session, at once.
    problem(with(session).get("/api/users"), 403, "scope_missing");
    // A program sees no difference to a user whose role an admin has changed.
    api().body("{\"role\": \"admin\"}").put("/api/users/" + name).then().statusCode(200);
    assertEquals("member", me(session(), "role"));
  }

  @Test
  void groupsShareProfilesAtEachSignIn() {
    String tasks = "/api/profiles/admin/default/tasks";
    problem(with(session()).get(tasks), 404, "profile_not_found");
    person(Map.of("groups", List.of("ops")));
    String session = session();
    with(session).get(tasks).then().statusCode(200);
    assertEquals("viewer", role());
    person(Map.of("groups", List.of("ops", "leads")));
    session();
    assertEquals("editor", role());
    person(Map.of("groups", List.of("ops")));
    session();
    assertEquals("viewer", role());
    person(Map.of());
    session();
    problem(with(session).get(tasks), 404, "profile_not_found");
    // What an owner decides stays.
    api().body("{\"role\": \"runner\"}").put(member()).then().statusCode(201);
    for (List<String> groups : List.of(List.of("leads"), List.of("staff"))) {
      person(Map.of("groups", groups));
      session();
      assertEquals("runner", role());
    }
    person(Map.of("groups", List.of("leads")));
    api().delete(member()).then().statusCode(204);
    session();
    assertEquals("editor", role());
    api().body("{\"role\": \"viewer\"}").put(member()).then().statusCode(200);
    session();
    assertEquals("viewer", role());
  }

  private String member() {
    return "/api/profiles/~/default/members/" + name;
  }

  private String role() {
    return api()
        .get("/api/profiles/~/default/members")
        .path("find { it.user == '" + name + "' }.role");
  }

  @Test
  void changesByGroupsAreInTheAudit() {
    session();
    person(Map.of("groups", List.of("chiefs", "ops")));
    String session = session();
    person(Map.of());
    session();
    String member = "profiles/admin/default/members/" + name;
    List<String> lines =
        List.of(
            "session.started null",
            "member.removed " + member,
            "user.changed users/" + name,
            "session.started null",
            "member.added " + member,
            "user.changed users/" + name,
            "session.started null",
            "user.created users/" + name);
    List<Map<String, Object>> found =
        api().get("/api/audit?actor=" + name).then().statusCode(200).extract().path("$");
    assertEquals(
        lines,
        found.stream()
            .map(
                line ->
                    line.get("action")
                        + " "
                        + ("session.started".equals(line.get("action"))
                            ? null
                            : line.get("object")))
            .toList());
    api()
        .get("/api/audit?actor=" + name + "&action=user.created")
        .then()
        .body("[0].actor.client", equalTo("oidc"))
        .body("[0].address", equalTo("127.0.0.1"));
    assertFalse(session.isEmpty());
  }

  @Test
  void theOnlyAdminWhoCanSignInStaysOne() throws SQLException {
    person(Map.of("groups", List.of("chiefs")));
    session();
    role("admin", "member");
    try {
      person(Map.of());
      assertEquals("admin", me(session(), "role"));
    } finally {
      role("admin", "admin");
    }
    assertEquals("member", me(session(), "role"));
  }

  private void role(String user, String role) throws SQLException {
    try (Connection connection = database.getConnection();
        PreparedStatement update =
            connection.prepareStatement("UPDATE account SET role = ? WHERE username = ?")) {
      update.setString(1, role);
      update.setString(2, user);
      assertEquals(1, update.executeUpdate());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "@example.com, true, 302",
    "@EXAMPLE.com, true, 302",
    "@example.com, false, 403",
    "@sub.example.com, true, 403",
    "@example.com.example.org, true, 403",
    "@example.org, true, 403",
  })
  void aVerifiedAddressOfADomainLetsIn(String domain, boolean isVerified, int status) {
    person(Map.of("groups", List.of(), "email", name + domain, "email_verified", isVerified));
    Response back = signIn();
    back.then().statusCode(status);
    if (status == 403) {
      refused(back, 403, "may not sign in here");
      api().get("/api/users").then().body("username", not(containsString(name)));
    }
  }

  @Test
  void anAddressIsVerifiedUntilAnAdminGivesAnotherOne() {
    person(Map.of("email", name + "@example.org", "email_verified", true));
    String session = session();
    String user = "/api/users/" + name;
    api().body("{\"role\": \"member\"}").put(user).then().statusCode(200);
    assertEquals(true, emails(session).getFirst().get("verified"));
    api()
        .body("{\"role\": \"member\", \"email\": \"%s@example.com\"}".formatted(name))
        .put(user)
        .then()
        .statusCode(200);
    assertEquals(false, emails(session).getFirst().get("verified"));
    api().body("{\"role\": \"member\", \"email\": \"\"}").put(user).then().statusCode(200);
    assertEquals(List.of(), emails(session));
    assertEquals(true, emails(session()).getFirst().get("verified"));
  }

  private static List<Map<String, Object>> emails(String session) {
    return with(session).get("/api/users/~").then().statusCode(200).extract().path("emails");
  }

  @Test
  void anAddressThatNobodyHasVerifiedIsNotKept() {
    person(Map.of("email", "somebody@example.com"));
    with(session()).get("/api/users/~").then().body("emails[0]", nullValue());
  }

  @Test
  void usersWithoutAGroupMayNotSignIn() {
    person(Map.of("groups", List.of("others")));
    refused(signIn(), 403, "may not sign in here");
    ScriptedProvider.person = Map.of("sub", "subject-" + number);
    refused(signIn(), 403, "may not sign in here");
  }

  @Test
  void aDisabledUserStaysOutside() {
    String session = session();
    String user = "/api/users/" + name;
    api().body("{\"role\": \"member\", \"disabled\": true}").put(user).then().statusCode(200);
    problem(with(session).get(TASKS), 401, "unauthenticated");
    refused(signIn(), 403, "is disabled");
    api().body("{\"role\": \"member\", \"disabled\": false}").put(user).then().statusCode(200);
    session();
  }

  @Test
  void theApiTakesNothingOfTheProvider() {
    String[] token = new String[1];
    ScriptedProvider.signer =
        claims -> {
          token[0] = ScriptedProvider.signed(claims);
          return token[0];
        };
    session();
    problem(
        given().header("Authorization", "Bearer " + token[0]).get(TASKS), 401, "unauthenticated");
    for (String cookie : List.of("q_session", "q_session_errand", "q_auth_errand_x")) {
      problem(given().cookie(cookie, token[0]).get(TASKS), 401, "unauthenticated");
      problem(
          given()
              .cookie(cookie, token[0])
              .queryParam("code", "x")
              .queryParam("state", "x")
              .get(TASKS),
          401,
          "unauthenticated");
    }
    // Nor does the sign-in itself.
    Response answer =
        given()
            .redirects()
            .follow(false)
            .cookie("q_session_errand", token[0])
            .accept("text/html")
            .get("/sign-in/oidc");
    refused(answer, 401, "Begin it again");
    assertEquals(0, answer.getDetailedCookie("q_session_errand").getMaxAge());
    given().redirects().follow(false).get(TASKS).then().statusCode(401);
  }

  @Test
  void aPersonOfTheProviderHasNoPassword() {
    session();
    problem(
        given()
            .contentType(ContentType.JSON)
            .body(Map.of("username", name, "password", "whatever it may be"))
            .post("/api/sessions"),
        401,
        "sign_in_refused");
  }

  @Test
  void aProviderThatGoesAwayIsNamed() {
    OidcBrowser browser = OidcBrowser.begin();
    String address = browser.toTheProvider();
    ScriptedProvider.away = true;
    Response answer = browser.back(address);
    refused(answer, 503, URI.create(ScriptedProvider.url()).getAuthority());
    assertFalse(answer.header("Retry-After").isEmpty());
    api().get(TASKS).then().statusCode(200);
  }
}
