package dev.errand.identity.oauth;

import static dev.errand.identity.oauth.OAuthPerson.CALLBACK;
import static dev.errand.identity.oauth.OAuthPerson.error;
import static dev.errand.identity.oauth.OAuthPerson.exchange;
import static dev.errand.identity.oauth.OAuthPerson.mcp;
import static dev.errand.identity.oauth.OAuthPerson.publicClient;
import static dev.errand.identity.oauth.OAuthPerson.refresh;
import static dev.errand.identity.oauth.OAuthPerson.register;
import static dev.errand.identity.oauth.OAuthPerson.request;
import static dev.errand.identity.oauth.OAuthPerson.revoke;
import static dev.errand.identity.oauth.OAuthPerson.tokens;
import static dev.errand.support.Api.api;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.base.error.ErrorCode;
import dev.errand.identity.account.Caller;
import dev.errand.identity.account.Rights;
import dev.errand.identity.account.Scope;
import dev.errand.identity.auth.LongRequest;
import dev.errand.identity.auth.LongRequests;
import dev.errand.identity.auth.NeededAccess;
import dev.errand.identity.oauth.OAuthPerson.Tokens;
import dev.errand.support.Api;
import dev.errand.support.ApiToken;
import dev.errand.support.Eventually;
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
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A client gets access to MCP, uses and refreshes it, and loses it. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class OAuthFlowTest {
  private final OAuthPerson admin = new OAuthPerson(Api.SESSION);

  @Inject AccessTokens accessTokens;
  @Inject LongRequests requests;
  @Inject DataSource database;

  @AfterEach
  void tidyUp() throws Exception {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("DELETE FROM oauth_client");
    }
    api().delete("/api/profiles/~/oauth-reports");
  }

  private static String base() {
    return "http://localhost:" + RestAssured.port;
  }

  @Test
  void aClientGetsATokenOnlyByDiscovery() {
    String challenge =
        given().get("/mcp").then().statusCode(401).extract().header("WWW-Authenticate");
    assertTrue(challenge.startsWith("Bearer "), challenge);
    assertTrue(challenge.contains("scope=\"read run\""), challenge);
    assertFalse(challenge.contains("error="), challenge);
    String metadata = base() + "/.well-known/oauth-protected-resource/mcp";
    assertTrue(challenge.contains("resource_metadata=\"" + metadata + "\""), challenge);
    given()
        .get(metadata)
        .then()
        .statusCode(200)
        .header("Access-Control-Allow-Origin", "*")
        .body("resource", equalTo(base() + "/mcp"))
        .body("authorization_servers", equalTo(List.of(base())))
        .body("scopes_supported", equalTo(List.of("read", "run", "write")));
    given()
        .get("/.well-known/oauth-authorization-server")
        .then()
        .statusCode(200)
        .header("Access-Control-Allow-Origin", "*")
        .body("issuer", equalTo(base()))
        .body("authorization_endpoint", equalTo(base() + "/oauth/authorize"))
        .body("registration_endpoint", equalTo(base() + "/oauth/register"))
        .body("code_challenge_methods_supported", equalTo(List.of("S256")))
        .body("authorization_response_iss_parameter_supported", equalTo(true))
        .body("client_id_metadata_document_supported", equalTo(true))
        .body("token_endpoint_auth_methods_supported", hasItems("none"));
  }

  @Test
  void eachProfileHasItsOwnMetadata() {
    given()
        .urlEncodingEnabled(false)
        .get("/.well-known/oauth-protected-resource/mcp/ada/my%20reports")
        .then()
        .statusCode(200)
        .body("resource", equalTo(base() + "/mcp/ada/my%20reports"));
    given()
        .get("/mcp/ada/reports")
        .then()
        .statusCode(401)
        .header("WWW-Authenticate", containsString("oauth-protected-resource/mcp/ada/reports\""));
    for (String other : List.of("/mcp/ada", "/mcp/a/b/c", "/api", "/mcpx")) {
      given().get("/.well-known/oauth-protected-resource" + other).then().statusCode(404);
    }
    given()
        .get("/.well-known/oauth-protected-resource")
        .then()
        .body("resource", equalTo(base() + "/mcp"));
  }

  @Test
  void aClientGetsWhatTheUserLeavesIt() {
    String client = publicClient();
    Map<String, String> request = request(client);
    request.put("scope", "read run write openid");
    // The page says where the access is ended again.
    assertTrue(admin.open(request).asString().contains("href=\"/console/grants\""));
    Map<String, String> answer = admin.allow(request, List.of("read", "write"));
    assertEquals("s t&te", answer.get("state"));
    assertEquals(base(), answer.get("iss"));
    Tokens tokens = tokens(exchange(client, answer.get("code"), Map.of()));
    assertEquals("read write", tokens.body().getString("scope"));
    assertEquals("Bearer", tokens.body().getString("token_type"));
    assertEquals(3600, tokens.body().getInt("expires_in"));
    Caller caller = accessTokens.callerOf(tokens.access(), "/mcp");
    assertEquals("admin", caller.username());
    assertEquals(Set.of(Scope.READ, Scope.WRITE), caller.rights().scopes());
    assertEquals(1, caller.rights().profiles().size());
    assertEquals("oauth A chat (unverified name)", caller.rights().client());
    assertNotEquals(401, mcp("/mcp", tokens.access()).statusCode());
  }

  @Test
  void theUserChoosesProfilesOrAll() {
    api().post("/api/profiles/~/oauth-reports").then().statusCode(201);
    String client = publicClient();
    String both =
        admin
            .allow(
                request(client),
                Map.of("scope", List.of("read"), "profile", List.of("default", "oauth-reports")))
            .get("code");
    String all =
        admin
            .allow(request(client), Map.of("scope", List.of("read"), "profiles", List.of("all")))
            .get("code");
    assertEquals(2, limit(client, both));
    assertEquals(0, limit(client, all));
    Response none =
        admin.send(
            OAuthPerson.hidden(admin.open(request(client))),
            Map.of("decision", List.of("allow"), "scope", List.of("read")));
    none.then().statusCode(400).body(containsString("Choose a profile."));
    admin
        .send(
            OAuthPerson.hidden(none),
            Map.of("decision", List.of("allow"), "profiles", List.of("all")))
        .then()
        .statusCode(400)
        .body(containsString("Choose at least one thing"));
  }

  private int limit(String client, @Nullable String code) {
    Tokens tokens = tokens(exchange(client, code, Map.of()));
    return accessTokens.callerOf(tokens.access(), "/mcp").rights().profiles().size();
  }

  @Test
  void theEndpointOfAProfileIsItsLimit() {
    String client = publicClient();
    Map<String, String> request = request(client);
    request.put("resource", base() + "/mcp/admin/default");
    admin
        .open(request)
        .then()
        .statusCode(200)
        .body(containsString("<strong>admin/default</strong>"));
    String code =
        admin
            .allow(request, Map.of("scope", List.of("run"), "profiles", List.of("all")))
            .get("code");
    Tokens tokens =
        tokens(exchange(client, code, Map.of("resource", base() + "/mcp/admin/default")));
    Caller caller = accessTokens.callerOf(tokens.access(), "/mcp/admin/default");
    assertEquals(1, caller.rights().profiles().size());
    assertEquals(401, mcp("/mcp", tokens.access()).statusCode());
    assertEquals(401, mcp("/mcp/admin/other", tokens.access()).statusCode());
    assertNotEquals(401, mcp("/mcp/admin/default", tokens.access()).statusCode());

    request.put("resource", base() + "/mcp/admin/absent");
    admin.open(request).then().statusCode(400).body(containsString("There is no profile"));
  }

  @Test
  void aRefreshTokenRotatesAndMayAskForLess() {
    String client = publicClient();
    Tokens first = admin.connect(client);
    Tokens second = tokens(refresh(client, first.refresh(), Map.of("scope", "read")));
    assertEquals("read", second.body().getString("scope"));
    assertNotEquals(first.refresh(), second.refresh());
    assertEquals(
        Set.of(Scope.READ), accessTokens.callerOf(second.access(), "/mcp").rights().scopes());
    error(refresh(client, second.refresh(), Map.of("scope", "read write")), 400, "invalid_scope");
    // What was refused has not used the token up.
    Tokens third = tokens(refresh(client, second.refresh(), Map.of()));
    assertEquals("read run", third.body().getString("scope"));
  }

  @Test
  void grantsAreListedAndEnded() {
    String client = publicClient();
    Tokens tokens = admin.connect(client);
    Response list = api().get("/api/grants");
    list.then()
        .statusCode(200)
        .body("size()", equalTo(1))
        .body("[0].client.id", equalTo(client))
        .body("[0].client.name", equalTo("A chat"))
        .body("[0].client.kind", equalTo("registered"))
        .body("[0].scopes", equalTo(List.of("read", "run")))
        .body("[0].profiles", equalTo(List.of("admin/default")))
        .body("[0].resource", equalTo("/mcp"));
    String id = list.path("[0].id");
    OtherUser.named("oauth-other", database)
        .api()
        .delete("/api/grants/" + id)
        .then()
        .statusCode(404)
        .body("code", equalTo("grant_not_found"));
    api().delete("/api/grants/" + id).then().statusCode(204);
    assertEquals(401, mcp("/mcp", tokens.access()).statusCode());
    error(refresh(client, tokens.refresh(), Map.of()), 400, "invalid_grant");
    api().get("/api/grants").then().body("size()", equalTo(0));
    api()
        .get("/api/audit?object=grants/" + id)
        .then()
        .body("action", equalTo(List.of("grant.ended", "grant.created")))
        .body("[0].actor.user", equalTo("admin"))
        .body("[0].actor.client", nullValue());
  }

  @Test
  void aClientRevokesItsTokens() {
    String client = publicClient();
    Tokens tokens = admin.connect(client);
    revoke(client, "err_at_unknown").then().statusCode(200);
    revoke(client, tokens.access()).then().statusCode(200);
    assertEquals(401, mcp("/mcp", tokens.access()).statusCode());
    Tokens next = tokens(refresh(client, tokens.refresh(), Map.of()));
    error(revoke(publicClient(), next.refresh()), 400, "invalid_grant");
    revoke(client, next.refresh()).then().statusCode(200);
    assertEquals(401, mcp("/mcp", next.access()).statusCode());
    api()
        .get("/api/audit?action=grant.ended")
        .then()
        .body("[0].actor.user", equalTo("admin"))
        .body("[0].actor.client", equalTo("oauth A chat (unverified name)"));
  }

  @Test
  void aDisabledUserHasNoGrants() {
    OtherUser user = OtherUser.named("oauth-disabled", database);
    String client = publicClient();
    Tokens tokens = new OAuthPerson(user.session()).connect(client);
    api()
        .body("{\"role\": \"member\", \"disabled\": true}")
        .put("/api/users/oauth-disabled")
        .then()
        .statusCode(200);
    assertEquals(401, mcp("/mcp", tokens.access()).statusCode());
    api()
        .body("{\"role\": \"member\", \"disabled\": false}")
        .put("/api/users/oauth-disabled")
        .then()
        .statusCode(200);
    assertEquals(401, mcp("/mcp", tokens.access()).statusCode());
    error(refresh(client, tokens.refresh(), Map.of()), 400, "invalid_grant");
  }

  @Test
  void aClientWithASecretSendsIt() {
    Response registered = register("{\"redirect_uris\": [\"" + CALLBACK + "\"]}");
    registered
        .then()
        .statusCode(201)
        .body("token_endpoint_auth_method", equalTo("client_secret_basic"))
        .body("client_secret_expires_at", equalTo(0));
    String client = registered.path("client_id");
    String secret = registered.path("client_secret");
    String code = admin.allow(request(client), List.of("read")).get("code");
    error(exchange(client, code, Map.of()), 401, "invalid_client");
    error(exchange(client, code, Map.of("client_secret", "wrong")), 401, "invalid_client");
    Tokens tokens = tokens(exchange(client, code, Map.of("client_secret", secret)));
    Response basic =
        given()
            .auth()
            .preemptive()
            .basic(client, secret)
            .contentType("application/x-www-form-urlencoded; charset=UTF-8")
            .formParam("grant_type", "refresh_token")
            .formParam("refresh_token", tokens.refresh())
            .post("/oauth/token");
    tokens(basic);
  }

  @Test
  void anAdminMakesAClientByHand() {
    String path = "/api/oauth/clients/bridge";
    String body = "{\"redirect_uris\": [\"" + CALLBACK + "\"], \"confidential\": true}";
    Response made = api().body(body).put(path);
    made.then().statusCode(201).body("client_id", equalTo("bridge"));
    String secret = made.path("client_secret");
    assertTrue(secret.startsWith("err_cs_"), secret);
    Response again = api().body(body).put(path);
    again.then().statusCode(200);
    assertNull(again.path("client_secret"));
    admin
        .open(request("bridge"))
        .then()
        .statusCode(200)
        .body(containsString("An admin of this service registered it."));
    String code = admin.allow(request("bridge"), List.of("read")).get("code");
    Tokens tokens = tokens(exchange("bridge", code, Map.of("client_secret", secret)));
    api().get("/api/oauth/clients").then().body("name", equalTo(List.of("bridge")));
    api().delete(path).then().statusCode(204);
    api().get(path).then().statusCode(404).body("code", equalTo("client_not_found"));
    assertEquals(401, mcp("/mcp", tokens.access()).statusCode());
    api()
        .body("{\"redirect_uris\": [\"http://elsewhere.example/\"]}")
        .put(path)
        .then()
        .statusCode(400);
    OtherUser.named("oauth-other", database).api().body(body).put(path).then().statusCode(403);
  }

  @Test
  void tokensAndSessionsAreTakenAsWell() {
    ApiToken token = ApiToken.make(api(), List.of("read"), Map.of());
    assertNotEquals(401, mcp("/mcp", token.text()).statusCode());
    assertNotEquals(401, mcp("/mcp", Api.SESSION).statusCode());
    assertNotEquals(401, given().cookie("sessionId", Api.SESSION).get("/mcp").statusCode());
    given()
        .cookie("sessionId", Api.SESSION)
        .header("Sec-Fetch-Site", "cross-site")
        .post("/mcp")
        .then()
        .statusCode(403)
        .body("code", equalTo("cross_site"));
    Response wrong = mcp("/mcp", "of-nobody");
    wrong
        .then()
        .statusCode(401)
        .header("WWW-Authenticate", containsString("error=\"invalid_token\""));
    api().delete("/api/tokens/" + token.id());
  }

  @Test
  void browsersOfOtherSitesMayAskForTokensAndNotForConsent() {
    for (String path : List.of("/oauth/token", "/oauth/register", "/oauth/revoke")) {
      given()
          .header("Origin", "https://inspector.example")
          .header("Access-Control-Request-Method", "POST")
          .options(path)
          .then()
          .statusCode(204)
          .header("Access-Control-Allow-Origin", "*")
          .header("Access-Control-Allow-Headers", containsString("Authorization"));
    }
    assertNull(admin.open(request(publicClient())).header("Access-Control-Allow-Origin"));
  }

  @Test
  void aClientIsKnownByTheHostOfItsDocument() {
    String id = "https://client.example/oauth/metadata.json";
    String document =
        "{\"client_id\": \"%s\", \"client_name\": \"Chat\", \"redirect_uris\": [\"%s\"]}"
            .formatted(id, CALLBACK);
    ServedDocument.serve(document);
    admin
        .open(request(id))
        .then()
        .statusCode(200)
        .body(containsString("Its description comes from <strong>client.example</strong>."));
    Tokens tokens = admin.connect(id);
    assertNotEquals(401, mcp("/mcp", tokens.access()).statusCode());
    Tokens again = admin.connect(id);
    assertEquals(
        "oauth Chat (client.example)",
        accessTokens.callerOf(again.access(), "/mcp").rights().client());
    api().get("/api/grants").then().body("client.kind", equalTo(List.of("document", "document")));
  }

  @Test
  void anOpenRequestEndsWithItsGrantAndNotBefore() {
    Tokens tokens = admin.connect(publicClient());
    Caller caller = accessTokens.callerOf(tokens.access(), "/mcp");
    Caller unknown =
        new Caller(
            caller.id(),
            caller.username(),
            caller
                .rights()
                .of(
                    new Rights.ByToken(UUID.randomUUID(), "t", null),
                    Set.of(),
                    Set.of(),
                    Set.of()));
    List<ErrorCode> refused = new CopyOnWriteArrayList<>();
    List<ErrorCode> others = new CopyOnWriteArrayList<>();
    try (LongRequest open =
            requests.open(new NeededAccess(caller, null), e -> refused.add(e.code()));
        LongRequest other =
            requests.open(new NeededAccess(unknown, null), e -> others.add(e.code()))) {
      other.look();
      Eventually.await("the end of the other one", () -> !others.isEmpty());
      assertEquals(List.of(), refused);
      api().delete("/api/grants/" + api().get("/api/grants").path("[0].id")).then().statusCode(204);
      open.look();
      Eventually.await("the end", () -> refused.contains(ErrorCode.UNAUTHENTICATED));
    }
  }
}
