package dev.errand.identity.oauth;

import static dev.errand.identity.oauth.OAuthPerson.CALLBACK;
import static dev.errand.identity.oauth.OAuthPerson.CHALLENGE;
import static dev.errand.identity.oauth.OAuthPerson.answered;
import static dev.errand.identity.oauth.OAuthPerson.error;
import static dev.errand.identity.oauth.OAuthPerson.exchange;
import static dev.errand.identity.oauth.OAuthPerson.hidden;
import static dev.errand.identity.oauth.OAuthPerson.mcp;
import static dev.errand.identity.oauth.OAuthPerson.publicClient;
import static dev.errand.identity.oauth.OAuthPerson.query;
import static dev.errand.identity.oauth.OAuthPerson.refresh;
import static dev.errand.identity.oauth.OAuthPerson.register;
import static dev.errand.identity.oauth.OAuthPerson.request;
import static dev.errand.identity.oauth.OAuthPerson.tokens;
import static dev.errand.support.Api.api;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.identity.oauth.OAuthPerson.Tokens;
import dev.errand.support.Api;
import dev.errand.support.ApiToken;
import dev.errand.support.OtherUser;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What others try with codes, tokens, requests and the page, and what comes of it. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class OAuthAttackTest {
  private static final Map<String, List<String>> ALLOW =
      Map.of("decision", List.of("allow"), "scope", List.of("read"), "profile", List.of("default"));

  private final OAuthPerson admin = new OAuthPerson(Api.SESSION);

  @Inject RegistrationRoom room;
  @Inject DataSource database;

  @AfterEach
  void tidyUp() throws Exception {
    execute("DELETE FROM oauth_client");
  }

  private void execute(String sql) throws Exception {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Test
  void anAccessTokenIsGoodNowhereElse() {
    Tokens tokens = admin.connect(publicClient());
    for (String path : List.of("/api/users/~", "/api/grants", "/api/tokens")) {
      given()
          .header("Authorization", "Bearer " + tokens.access())
          .get(path)
          .then()
          .statusCode(401)
          .body("detail", containsString("is for /mcp and is not accepted elsewhere"));
    }
    for (String path :
        List.of("/mcp/admin/default", "/mcp/..%2fmcp", "/mcp/x/..", "/mcp/a;b/c", "/mcp/a/b/c")) {
      assertEquals(401, mcp(path, tokens.access()).statusCode(), path);
    }
    assertEquals(401, mcp("/mcp", tokens.refresh()).statusCode());
    String broken = tokens.access().substring(0, tokens.access().length() - 1) + "~";
    assertEquals(401, mcp("/mcp", broken).statusCode());
    // Nor does it open the page, also where it stands in the place of a session.
    new OAuthPerson(tokens.access())
        .open(request("any"))
        .then()
        .statusCode(303)
        .header("Location", containsString("/sign-in?return="));
  }

  @Test
  void aReplayedCodeEndsWhatCameOfIt() {
    String client = publicClient();
    String code = admin.allow(request(client), List.of("read")).get("code");
    Tokens tokens = tokens(exchange(client, code, Map.of()));
    Tokens later = tokens(refresh(client, tokens.refresh(), Map.of()));
    error(exchange(client, code, Map.of()), 400, "invalid_grant");
    assertEquals(401, mcp("/mcp", tokens.access()).statusCode());
    assertEquals(401, mcp("/mcp", later.access()).statusCode());
    error(refresh(client, later.refresh(), Map.of()), 400, "invalid_grant");
  }

  @Test
  void aReusedRefreshTokenEndsItsFamily() {
    String client = publicClient();
    Tokens first = admin.connect(client);
    Tokens second = tokens(refresh(client, first.refresh(), Map.of()));
    assertNotEquals(401, mcp("/mcp", second.access()).statusCode());
    error(refresh(client, first.refresh(), Map.of()), 400, "invalid_grant");
    assertEquals(401, mcp("/mcp", second.access()).statusCode());
    error(refresh(client, second.refresh(), Map.of()), 400, "invalid_grant");
    api()
        .get("/api/audit?action=grant.ended")
        .then()
        .body("[0].actor.client", startsWith("oauth "));
  }

  @Test
  void aCodeIsBoundToItsClientAddressAndVerifier() throws Exception {
    String client = publicClient();
    String code = admin.allow(request(client), List.of("read")).get("code");
    error(exchange(publicClient(), code, Map.of()), 400, "invalid_grant");
    error(exchange(client, code, Map.of("code_verifier", "")), 400, "invalid_grant");
    error(exchange(client, code, Map.of("code_verifier", "x".repeat(43))), 400, "invalid_grant");
    error(exchange(client, code, Map.of("code_verifier", CHALLENGE)), 400, "invalid_grant");
    error(exchange(client, code, Map.of("redirect_uri", CALLBACK + "/")), 400, "invalid_grant");
    String elsewhere = "http://localhost:" + RestAssured.port + "/mcp/admin/default";
    error(exchange(client, code, Map.of("resource", elsewhere)), 400, "invalid_target");
    error(
        exchange(client, code, Map.of("resource", "https://other.example/mcp")),
        400,
        "invalid_target");
    error(exchange("nobody", code, Map.of()), 401, "invalid_client");
    execute("UPDATE oauth_grant SET code_expires_at = now() - interval '1 second'");
    error(exchange(client, code, Map.of()), 400, "invalid_grant");
    error(refresh(publicClient(), admin.connect(client).refresh(), Map.of()), 400, "invalid_grant");
  }

  @Test
  void anExpiredTokenIsRefused() throws Exception {
    String client = publicClient();
    Tokens tokens = admin.connect(client);
    execute("UPDATE oauth_token SET expires_at = now() - interval '1 second'");
    mcp("/mcp", tokens.access()).then().statusCode(401).body("detail", containsString("expired"));
    error(refresh(client, tokens.refresh(), Map.of()), 400, "invalid_grant");
  }

  @Test
  void noRedirectLeadsToAnUnregisteredAddress() {
    Map<String, String> request = request(publicClient());
    for (String uri :
        List.of(
            "https://evil.example/",
            CALLBACK + "?x=1",
            CALLBACK + "/",
            CALLBACK + "#f",
            "https://chat.example:444/callback",
            "https://chat.example/CALLBACK",
            "https://user@chat.example/callback",
            "https://chat.example/../callback",
            "javascript:alert(1)",
            "//chat.example/callback")) {
      request.put("redirect_uri", uri);
      admin
          .open(request)
          .then()
          .statusCode(400)
          .contentType("text/html;charset=UTF-8")
          .body(containsString("has not registered"))
          .body(not(containsString("<form")));
    }
    request = request("unknown");
    admin.open(request).then().statusCode(400).body(containsString("The client is unknown"));
    for (String uri :
        List.of(
            "http://chat.example/callback",
            "https://chat.example/callback#f",
            "javascript:alert(1)",
            "data:text/html,x",
            "relative",
            "https:///x",
            "https://u:p@chat.example/")) {
      error(register("{\"redirect_uris\": [\"" + uri + "\"]}"), 400, "invalid_redirect_uri");
    }
    error(register("{\"redirect_uris\": []}"), 400, "invalid_redirect_uri");
    error(register("{}"), 400, "invalid_redirect_uri");
    error(register("nonsense"), 400, "invalid_client_metadata");
  }

  @Test
  void aLoopbackAddressMayDifferOnlyInItsPort() {
    String client =
        register(
                "{\"redirect_uris\": [\"http://127.0.0.1/cb\"], \"token_endpoint_auth_method\": \"none\"}")
            .path("client_id");
    Map<String, String> request = request(client);
    request.put("redirect_uri", "http://127.0.0.1:51234/cb");
    Response page = admin.open(request);
    page.then()
        .statusCode(200)
        .header(
            "Content-Security-Policy", containsString("form-action 'self' http://127.0.0.1:51234;"))
        .body(containsString("Continue only if you have just started this"));
    answered(admin.send(hidden(page), ALLOW));
    for (String other :
        List.of(
            "http://127.0.0.1:51234/other", "http://localhost:51234/cb", "https://127.0.0.1/cb")) {
      request.put("redirect_uri", other);
      admin.open(request).then().statusCode(400);
    }
  }

  @Test
  void pkceIsRequiredAndPlainIsRefused() {
    Map<String, String> request = request(publicClient());
    request.put("code_challenge_method", "plain");
    refused(request, "invalid_request");
    request.remove("code_challenge_method");
    refused(request, "invalid_request");
    request.put("code_challenge_method", "S256");
    request.put("code_challenge", "short");
    refused(request, "invalid_request");
    request.remove("code_challenge");
    refused(request, "invalid_request");
  }

  @Test
  void otherErrorsAreReportedToTheClient() {
    String client = publicClient();
    Map<String, String> request = request(client);
    request.put("response_type", "token");
    refused(request, "unsupported_response_type");
    request = request(client);
    request.put("resource", "https://other.example/mcp");
    refused(request, "invalid_target");
    request.put("resource", "http://localhost:" + RestAssured.port + "/api");
    refused(request, "invalid_target");
    request = request(client);
    request.put("scope", "admin servlets");
    refused(request, "invalid_scope");
    request = request(client);
    request.put("prompt", "none");
    refused(request, "consent_required");
    request = request(client);
    Response denied = admin.send(hidden(admin.open(request)), Map.of("decision", List.of("deny")));
    assertEquals("access_denied", answered(denied).get("error"));
  }

  private void refused(Map<String, String> request, String error) {
    Map<String, String> answer = answered(admin.open(request));
    assertEquals(error, answer.get("error"));
    assertEquals("s t&te", answer.get("state"));
    assertEquals("http://localhost:" + RestAssured.port, answer.get("iss"));
    assertNull(answer.get("code"));
  }

  @Test
  void theFormIsGoodForItsSessionAndItsRequest() {
    String client = publicClient();
    Map<String, String> own = hidden(admin.open(request(client)));
    OAuthPerson other = new OAuthPerson(OtherUser.named("oauth-victim", database).session());
    other.send(own, ALLOW).then().statusCode(400).body(containsString("created for another user"));
    admin.send(Map.of("request", own.get("request")), ALLOW).then().statusCode(400);
    admin.send(Map.of("request", own.get("request"), "ticket", "x"), ALLOW).then().statusCode(400);
    Map<String, String> more = request(client);
    more.put("scope", "read run write");
    admin
        .send(Map.of("request", query(more), "ticket", own.get("ticket")), ALLOW)
        .then()
        .statusCode(400);
    given()
        .redirects()
        .follow(false)
        .cookie("sessionId", Api.SESSION)
        .header("Sec-Fetch-Site", "cross-site")
        .contentType("application/x-www-form-urlencoded; charset=UTF-8")
        .formParam("request", own.get("request"))
        .formParam("ticket", own.get("ticket"))
        .formParam("decision", "allow")
        .formParam("scope", "read")
        .formParam("profile", "default")
        .post("/oauth/authorize")
        .then()
        .statusCode(403);
    // Scopes beyond the request, and profiles of others, are not to be had by the form.
    Tokens tokens =
        tokens(
            exchange(
                client,
                answered(
                        admin.send(
                            own,
                            Map.of(
                                "decision", List.of("allow"),
                                "scope", List.of("read", "write", "admin"),
                                "profile", List.of("default", "oauth-victim/default"))))
                    .get("code"),
                Map.of()));
    assertEquals("read", tokens.body().getString("scope"));
  }

  @Test
  void twoTabsDoNotDisturbEachOther() {
    Map<String, String> first = hidden(admin.open(request(publicClient())));
    Map<String, String> second = hidden(admin.open(request(publicClient())));
    assertTrue(answered(admin.send(first, ALLOW)).containsKey("code"));
    assertTrue(answered(admin.send(second, ALLOW)).containsKey("code"));
  }

  @Test
  void noOtherPageMayFrameThePage() {
    Response page = admin.open(request(publicClient()));
    String policy = page.header("Content-Security-Policy");
    assertTrue(policy.contains("frame-ancestors 'none'"), policy);
    assertTrue(policy.contains("default-src 'none'"), policy);
    assertTrue(policy.contains("form-action 'self' https://chat.example;"), policy);
    assertFalse(policy.contains("unsafe"), policy);
    assertFalse(policy.contains("script-src"), policy);
    page.then()
        .header("X-Frame-Options", equalTo("DENY"))
        .header("Cache-Control", equalTo("no-store"))
        .header("Referrer-Policy", equalTo("same-origin"))
        .body(not(containsString("<script")));
  }

  @Test
  void aClientsNameIsText() {
    String client =
        register(
                "{\"client_name\": \"<b>Bank</b>\\u202e \\\"x\\\" {secret}\", \"redirect_uris\": [\"%s\"], \"token_endpoint_auth_method\": \"none\"}"
                    .formatted(CALLBACK))
            .path("client_id");
    Map<String, String> request = request(client);
    request.put("state", "\"><script>alert(1)</script>{x}");
    admin
        .open(request)
        .then()
        .statusCode(200)
        .body(containsString("&lt;b&gt;Bank&lt;/b&gt;"))
        .body(containsString("{secret}"))
        .body(containsString("Unverified name"))
        .body(not(containsString("\u202e")))
        .body(not(containsString("<script")));
  }

  @Test
  void anAnonymousUserSignsInAndReturns() {
    Map<String, String> request = request("any");
    Response answer =
        given()
            .urlEncodingEnabled(false)
            .redirects()
            .follow(false)
            .get("/oauth/authorize?" + query(request));
    answer.then().statusCode(303);
    String location = answer.header("Location");
    assertTrue(
        location.startsWith(
            "http://localhost:" + RestAssured.port + "/sign-in?return=oauth%2Fauthorize%3F"),
        location);
    // A token is no session here: it could grant itself more.
    ApiToken token = ApiToken.make(api(), List.of("read", "write"), Map.of());
    given()
        .redirects()
        .follow(false)
        .header("Authorization", "Bearer " + token.text())
        .get("/oauth/authorize")
        .then()
        .statusCode(303);
    api().delete("/api/tokens/" + token.id());
  }

  @Test
  void registrationIsBounded() throws Exception {
    execute(
        "INSERT INTO oauth_client (id, client_id, kind, name, redirect_uris, created_at)"
            + " SELECT gen_random_uuid(), 'dyn-' || n, 'registered', 'old', '{https://x.example/}',"
            + " now() - interval '2 days' FROM generate_series(1, 50) AS n");
    room.lookAgain();
    publicClient();
    try (Connection connection = database.getConnection();
        var rows =
            connection
                .createStatement()
                .executeQuery("SELECT count(*) FROM oauth_client WHERE name = 'old'")) {
      rows.next();
      assertEquals(0, rows.getInt(1));
    }
    error(
        register(
            "{\"redirect_uris\": [\"https://x.example/\"], \"grant_types\": [\"client_credentials\"]}"),
        400,
        "invalid_client_metadata");
  }
}
