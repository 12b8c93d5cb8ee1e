package dev.errand.tools.install;

import static dev.errand.support.Api.api;
import static dev.errand.support.Api.problem;
import static dev.errand.support.ScriptedMcp.tool;
import static dev.errand.support.ScriptedModel.call;
import static dev.errand.support.ScriptedModel.say;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.base.database.Sql;
import dev.errand.support.Api;
import dev.errand.support.Eventually;
import dev.errand.support.OtherUser;
import dev.errand.support.ScriptedIssuer;
import dev.errand.support.ScriptedMcp;
import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import dev.errand.tools.mcp.oauth.Credentials;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Remote servers that a person connects by OAuth. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class ConnectedServerTest {
  private static final String INSTALLATIONS = "/api/profiles/~/default/installations";
  private static final String REMOTE = INSTALLATIONS + "/remote";

  @Inject DataSource database;
  @Inject Sql sql;
  @Inject RemoteHousekeeping job;
  @Inject Credentials credentials;

  private final ScriptedIssuer issuer = new ScriptedIssuer();
  private final ScriptedMcp server = new ScriptedMcp();
  private String redirect = "";

  @AfterEach
  void tidyUp() {
    api().delete(REMOTE);
    api().delete(Api.TASKS + "/remote?force=true");
    server.close();
    issuer.close();
  }

  @Test
  void aServerIsConnectedAndUsed() {
    server.tools(tool("a", "First")).guarded(issuer);
    install("").then().statusCode(201).body("mcp.auth", equalTo("oauth"));
    look()
        .body("servlet.has_client", equalTo(true))
        .body("servlet.meta.schema.tools", empty())
        .body("mcp.credential.state", equalTo("none"))
        .body(
            "mcp.connect_url",
            equalTo(
                "http://localhost:%d/api/profiles/admin/default/installations/remote/connect"
                    .formatted(RestAssured.port)))
        .body("mcp.oauth.issuer", equalTo(issuer.url()))
        .body("mcp.oauth.connected_at", nullValue());

    Map<String, String> query = query(connect());
    assertEquals(server.url(), query.get("resource"));
    assertEquals("read offline_access", query.get("scope"));
    assertTrue(
        String.valueOf(query.get("redirect_uri")).contains("/oauth/redirect/"), query.toString());
    back(issuer.agree(connect())).statusCode(200).body(containsString("Connected"));
    assertEquals(1, issuer.registered().size(), "one client for both");
    assertEquals("native", issuer.registered().getFirst().path("application_type").asText());

    look()
        .body("servlet.meta.schema.tools.name", contains("a"))
        .body("mcp.credential.state", equalTo("ok"))
        .body("mcp.credential.expires_at", notNullValue())
        .body("mcp.oauth.granted_scope", equalTo("read"))
        .body("mcp.oauth.connected_by", equalTo("admin"))
        .body("mcp.change", nullValue())
        .body("mcp.failure", nullValue());
    api().body("{\"text\": \"x\"}").post(REMOTE + "/tools/a").then().statusCode(200);
    api()
        .get("/api/audit?action=installation.changed&limit=1")
        .then()
        .body("[0].changes.connected.to", equalTo(issuer.url()));
    String shown = api().get(REMOTE).asString();
    assertFalse(shown.contains("access-") || shown.contains("refresh-"), shown);
    String before = api().get(REMOTE).asString();
    api().body(before).put(REMOTE).then().statusCode(200);
    look().body("mcp.credential.state", equalTo("ok"));
  }

  @Test
  void itsToolsAreChosenBeforeItIsConnected() {
    server.tools(tool("a", "First"), tool("b", "Second")).guarded(issuer);
    api()
        .body(
            "{\"name\": \"remote\", \"enabled_tools\": [\"a\"], \"disabled_tools\": [\"c\"], \"mcp\": {\"url\": \"%s\", \"auth\": \"oauth\"}}"
                .formatted(server.url()))
        .post(INSTALLATIONS)
        .then()
        .statusCode(201)
        .body("enabled_tools", contains("a"))
        .body("disabled_tools", contains("c"));
    for (String wrong : List.of("", "a".repeat(129), "a\\u0000b")) {
      problem(
          api().body("{\"enabled_tools\": [\"%s\"]}".formatted(wrong)).patch(REMOTE),
          400,
          "invalid_input");
    }
    back(issuer.agree(connect())).statusCode(200);
    look()
        .body("servlet.meta.schema.tools.name", contains("a", "b"))
        .body("enabled_tools", contains("a"));
    api()
        .body("{}")
        .post(REMOTE + "/tools/b")
        .then()
        .statusCode(200)
        .body("isError", equalTo(true))
        .body("content[0].text", containsString("is switched off"));
    problem(api().body("{\"enabled_tools\": [\"d\"]}").patch(REMOTE), 400, "invalid_input");
  }

  @Test
  void runsCallItsTools() {
    server.tools(tool("a", "First")).guarded(issuer);
    connected();
    try (ScriptedModel model = new ScriptedModel()) {
      model.script(
          request ->
              !request.lastMessage().path("role").asText().equals("tool")
                  ? call("c", "remote_a", "{\"text\": \"x\"}")
                  : say("Done."));
      Api.register("remote", "Use it", model).then().statusCode(201);
      Api.trigger("remote", "r", Map.of());
      Api.ended("remote", "r");
    }
    assertEquals(1, server.requests("tools/call").size());
    assertTrue(issuer.lets(server.requests("tools/call").getFirst().headers()));
  }

  @Test
  void tokensAreRenewedBeforeTheyExpireAndWhenTheServerRefusesThem() {
    server.tools(tool("a", "First")).guarded(issuer);
    issuer.tokens(0, true);
    connected();
    use().statusCode(200);
    assertEquals("refresh_token", last().get("grant_type"));
    assertEquals(server.url(), last().get("resource"));
    issuer.tokens(3600, true);
    use().statusCode(200);
    int asked = issuer.asked().size();
    use().statusCode(200);
    assertEquals(asked, issuer.asked().size());

    issuer.expire();
    use().body("isError", equalTo(false));
    assertEquals(asked + 1, issuer.asked().size());
    look().body("mcp.credential.state", equalTo("ok"));
  }

  @Test
  void manyCallsRenewATokenOnce() throws Exception {
    server.tools(tool("a", "First")).guarded(issuer);
    issuer.tokens(0, true);
    connected();
    issuer.tokens(3600, true);
    int asked = issuer.asked().size();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<ValidatableResponse>> calls = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        calls.add(threads.submit(() -> use()));
      }
      for (Future<ValidatableResponse> one : calls) {
        one.get().statusCode(200).body("isError", equalTo(false));
      }
    }
    assertEquals(asked + 1, issuer.asked().size());
  }

  @Test
  void theJobRenewsWhatIsDue() throws Exception {
    server.tools(tool("a", "First")).guarded(issuer);
    connected();
    int asked = issuer.asked().size();
    job.renew(Duration.ofSeconds(10));
    assertEquals(asked, issuer.asked().size(), "nothing is due");
    becomeDue();
    Eventually.await("the next token", () -> issuer.asked().size() == asked + 1);
    look().body("mcp.credential.state", equalTo("ok"));

    issuer.before(form -> new ScriptedIssuer.Answer(503, "{}"));
    becomeDue();
    Eventually.await("a failure", () -> state().equals("expiring"));
    look().body("mcp.failure", containsString("503"));
    use().body("isError", equalTo(false));
    issuer.before(form -> null);
    becomeDue();
    Eventually.await("another token", () -> state().equals("ok"));
    look().body("mcp.failure", nullValue());
  }

  @Test
  void theJobLeavesAloneWhatACallHasRenewed() throws Exception {
    server.tools(tool("a", "First")).guarded(issuer);
    connected();
    int asked = issuer.asked().size();
    UUID id =
        sql.statement("SELECT installation_id FROM mcp_credential")
            .list(row -> row.id("installation_id"))
            .getFirst();
    credentials.renewDue(id);
    assertEquals(asked, issuer.asked().size(), "its token is new");
    sql.statement("UPDATE mcp_credential SET refresh_at = now() - interval '1 second'").run();
    credentials.renewDue(id);
    Eventually.await("the next token", () -> issuer.asked().size() == asked + 1);
  }

  // The job of the service may be the one that does it.
  private void becomeDue() throws InterruptedException {
    sql.statement("UPDATE mcp_credential SET refresh_at = now() - interval '1 second'").run();
    job.renew(Duration.ofSeconds(10));
  }

  private static String state() {
    return api().get(REMOTE).path("mcp.credential.state");
  }

  @Test
  void aRevokedCredentialFailsUntilSomebodyConnectsAgain() throws Exception {
    server.tools(tool("a", "First")).guarded(issuer);
    connected();
    issuer.revoke();
    use().body("isError", equalTo(true)).body("content[0].text", containsString("invalid_grant"));
    look()
        .body("mcp.credential.state", equalTo("failing"))
        .body("mcp.failure", containsString("It was withdrawn."));
    int asked = issuer.asked().size();
    use().body("isError", equalTo(true));
    job.renew(Duration.ofSeconds(10));
    assertEquals(asked, issuer.asked().size(), "it is not asked in vain");
    back(issuer.agree(connect())).statusCode(200);
    look().body("mcp.credential.state", equalTo("ok")).body("mcp.failure", nullValue());
    use().body("isError", equalTo(false));
  }

  @Test
  void failedRenewalsAreNotRepeatedByOthers() throws Exception {
    server.tools(tool("a", "First")).guarded(issuer);
    issuer.tokens(0, true);
    connected();
    int asked = issuer.asked().size();
    issuer.before(form -> new ScriptedIssuer.Answer(500, "{\"error\": \"server_error\"}"));
    for (int i = 0; i < 5; i++) {
      use()
          .body("isError", equalTo(true))
          .body("content[0].text", containsString("retried within a minute"));
    }
    assertEquals(asked + 1, issuer.asked().size());
    look().body("mcp.credential.state", equalTo("failing"));
  }

  @Test
  void tokensIssuedAfterADisconnectionAreRevoked() throws Exception {
    server.tools(tool("a", "First")).guarded(issuer);
    issuer.tokens(0, true);
    connected();
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch disconnected = new CountDownLatch(1);
    issuer.before(
        form -> {
          asked.countDown();
          await(disconnected);
          return null;
        });
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<ValidatableResponse> call = threads.submit(() -> use());
      asked.await();
      api().delete(REMOTE + "/connect").then().statusCode(204);
      disconnected.countDown();
      call.get().body("isError", equalTo(true));
    }
    Eventually.await("the other revocation", () -> issuer.revoked().size() == 2);
    assertEquals(issuer.given().getLast(), issuer.revoked().getLast().get("token"));
    look().body("mcp.credential.state", equalTo("none"));
  }

  @Test
  void metadataIsNotReadFromElsewhere() {
    try (ScriptedMcp elsewhere = new ScriptedMcp().guarded(issuer)) {
      server.before(
          request ->
              ScriptedMcp.unauthorized(
                  "Bearer resource_metadata=\"%s\""
                      .formatted(server.url().replace("/mcp", "/moved"))));
      server.redirect(
          "/moved", elsewhere.url().replace("/mcp", "/.well-known/oauth-protected-resource/mcp"));
      problem(install(""), 502, "mcp_server_failed")
          .then()
          .body("detail", containsString("redirects to another server"));
    }
  }

  @Test
  void theLinkOpensAPageInABrowser() {
    given()
        .cookie("sessionId", Api.SESSION)
        .accept("text/html")
        .get(INSTALLATIONS + "/nothing/connect")
        .then()
        .statusCode(404)
        .contentType("text/html")
        .body(containsString("be connected"));
  }

  @Test
  void callsThatAreRefusedTogetherShareARenewal() throws Exception {
    server.tools(tool("a", "First")).guarded(issuer);
    connected();
    int asked = issuer.asked().size();
    issuer.expire();
    CountDownLatch refused = new CountDownLatch(2);
    server.before(
        request -> {
          if (issuer.lets(request.headers())) {
            return null;
          }
          refused.countDown();
          await(refused);
          return ScriptedMcp.unauthorized("Bearer");
        });
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<ValidatableResponse> one = threads.submit(() -> use());
      Future<ValidatableResponse> other = threads.submit(() -> use());
      one.get().body("isError", equalTo(false));
      other.get().body("isError", equalTo(false));
    }
    assertEquals(asked + 1, issuer.asked().size());
  }

  @Test
  void aServerThatTakesNoTokenIsNotAskedAgainAndAgain() {
    server.tools(tool("a", "First")).guarded(issuer);
    connected();
    int asked = issuer.asked().size();
    server.before(request -> ScriptedMcp.unauthorized("Bearer"));
    for (int i = 0; i < 5; i++) {
      use().body("isError", equalTo(true));
    }
    assertEquals(asked + 1, issuer.asked().size());
    assertTrue(server.requests("tools/call").size() <= 6);
  }

  @Test
  void aTokenThatCantBeRenewedIsSaidToExpire() {
    server.tools(tool("a", "First")).guarded(issuer);
    issuer.tokens(3600, false);
    connected();
    look().body("mcp.credential.state", equalTo("expiring"));
    use().body("isError", equalTo(false));
    issuer.expire();
    use().body("isError", equalTo(true)).body("content[0].text", containsString("renewed"));
    look().body("mcp.credential.state", equalTo("failing"));
  }

  @Test
  void anAnswerIsTakenOnceAndFromTheOneWhoBegan() {
    server.tools(tool("a", "First")).guarded(issuer);
    install("").then().statusCode(201);
    Map<String, String> answer = issuer.agree(connect());
    String other = OtherUser.named("stranger", database).session();
    given()
        .cookie("sessionId", other)
        .queryParams(answer)
        .get(redirect)
        .then()
        .statusCode(400)
        .body(containsString("you have started"));
    given().queryParams(answer).get(redirect).then().statusCode(401);
    back(with(answer, "state", "another")).statusCode(400);
    assertEquals(0, issuer.asked().size());
    back(answer)
        .statusCode(200)
        .header("Cache-Control", containsString("no-store"))
        .header("Content-Security-Policy", containsString("frame-ancestors 'none'"));
    back(answer).statusCode(400);
    assertEquals(1, issuer.asked().size());
  }

  @Test
  void answersOfOthersAreNotLookedAt() {
    server.tools(tool("a", "First")).guarded(issuer);
    install("").then().statusCode(201);
    for (String iss : List.of("https://evil.example", issuer.url() + "/", "")) {
      back(with(issuer.agree(connect()), "iss", iss))
          .statusCode(400)
          .body(containsString("not from the authorization server"));
    }
    Map<String, String> refused = new LinkedHashMap<>(issuer.agree(connect()));
    refused.remove("code");
    refused.remove("iss");
    refused.put("error", "access_denied");
    refused.put("error_description", "<b>Go to evil.example</b>");
    back(refused).statusCode(400).body(not(containsString("evil.example")));
    refused.put("state", query(connect()).get("state"));
    refused.put("iss", issuer.url());
    refused.put("error", "server_error");
    back(refused)
        .statusCode(400)
        .body(containsString("server_error"))
        .body(containsString("&lt;b&gt;"));
    assertEquals(0, issuer.asked().size());
    look().body("mcp.credential.state", equalTo("none"));
  }

  @Test
  void anIssuerThatDoesNotNameItselfMayLeaveThatOut() {
    issuer.metadata(node -> node.remove("authorization_response_iss_parameter_supported"));
    server.tools(tool("a", "First")).guarded(issuer);
    install("").then().statusCode(201);
    Map<String, String> answer = new LinkedHashMap<>(issuer.agree(connect()));
    back(with(answer, "iss", "https://evil.example")).statusCode(400);
    answer = new LinkedHashMap<>(issuer.agree(connect()));
    answer.remove("iss");
    back(answer).statusCode(200);
  }

  @Test
  void serversThatAreNotAsTheyShouldBeAreRefused() {
    server.tools(tool("a", "First")).guarded(issuer);
    issuer.metadata(node -> node.remove("code_challenge_methods_supported"));
    problem(install(""), 502, "mcp_server_failed").then().body("detail", containsString("PKCE"));
    issuer.metadata(node -> node.putArray("code_challenge_methods_supported").add("plain"));
    problem(install(""), 502, "mcp_server_failed");
    issuer.metadata(node -> node.put("issuer", "https://honest.example"));
    problem(install(""), 502, "mcp_server_failed")
        .then()
        .body("detail", containsString("names another server"));
    issuer.metadata(node -> node.put("token_endpoint", "file:///etc/passwd"));
    problem(install(""), 502, "mcp_server_failed");
    issuer.metadata(node -> node.put("authorization_endpoint", "javascript:alert(1)"));
    problem(install(""), 502, "mcp_server_failed");
    issuer.metadata(node -> {});
    server.document(
        "/.well-known/oauth-protected-resource/mcp",
        "{\"resource\": \"https://honest.example/mcp\", \"authorization_servers\": [\"%s\"]}"
            .formatted(issuer.url()));
    problem(install(""), 502, "mcp_server_failed")
        .then()
        .body("detail", containsString("another resource"));
    try (ScriptedMcp open = new ScriptedMcp()) {
      open.tools(tool("a", ""));
      problem(
              api()
                  .body(
                      "{\"name\": \"remote\", \"mcp\": {\"url\": \"%s\", \"auth\": \"oauth\"}}"
                          .formatted(open.url()))
                  .post(INSTALLATIONS),
              502,
              "mcp_server_failed")
          .then()
          .body("detail", containsString("does not name its authorization server"));
    }
    assertEquals(0, issuer.registered().size());
  }

  @Test
  void metadataIsFoundWhereverItMayBe() {
    server.tools(tool("a", "First")).guarded(issuer);
    ScriptedMcp.Answer bare = ScriptedMcp.unauthorized("Bearer");
    server.before(request -> issuer.lets(request.headers()) ? null : bare);
    issuer.path("/tenant").openId();
    String resource = server.url().replace("/mcp", "");
    server.document("/.well-known/oauth-protected-resource/mcp", "not JSON");
    server.document(
        "/.well-known/oauth-protected-resource",
        "{\"resource\": \"%s\", \"authorization_servers\": [\"%s\"]}"
            .formatted(resource, issuer.url()));
    install("").then().statusCode(201);
    assertEquals(
        List.of(
            "/.well-known/oauth-authorization-server/tenant",
            "/.well-known/openid-configuration/tenant",
            "/tenant/.well-known/openid-configuration"),
        issuer.read());
    Map<String, String> query = query(connect());
    assertEquals(resource, query.get("resource"));
    assertFalse(query.containsKey("scope"), "nothing says which");
    back(issuer.agree(connect())).statusCode(200);
    use().body("isError", equalTo(false));
  }

  @Test
  void aClientRegisteredByHandIsUsedOnlyWithItsIssuer() {
    server.tools(tool("a", "First")).guarded(issuer);
    issuer.metadata(
        node -> {
          node.remove("registration_endpoint");
          node.putArray("token_endpoint_auth_methods_supported").add("client_secret_basic");
        });
    install("").then().statusCode(201);
    Response refused = issuer.confirm(api(), REMOTE + "/connect");
    problem(refused, 502, "mcp_server_failed")
        .then()
        .body("detail", containsString("mcp.oauth.client_id"));
    String byHand = api().get(REMOTE).path("mcp.oauth.redirect_url");
    assertTrue(String.valueOf(refused.<String>path("detail")).contains(byHand), byHand);
    issuer.client("by hand", "s3cret+value", byHand);
    api()
        .body(
            "{\"mcp\": {\"oauth\": {\"client_id\": \"by hand\", \"client_secret\": \"s3cret+value\", \"scope\": \"read write\"}}}")
        .patch(REMOTE)
        .then()
        .statusCode(200)
        .body("mcp.oauth.client_id", equalTo("by hand"))
        .body("mcp.oauth.client_secret", equalTo("set"));
    assertEquals("read write offline_access", query(connect()).get("scope"));
    back(issuer.agree(connect())).statusCode(200);
    assertEquals(
        "Basic "
            + Base64.getEncoder()
                .encodeToString("by+hand:s3cret%2Bvalue".getBytes(StandardCharsets.UTF_8)),
        last().get("authorization"));
    assertFalse(last().containsKey("client_id"));
    assertFalse(api().get(REMOTE).asString().contains("s3cret"));

    String shown = api().get(REMOTE).asString();
    api().body(shown).put(REMOTE).then().statusCode(200);
    look().body("mcp.credential.state", equalTo("ok"));
    try (ScriptedIssuer other = new ScriptedIssuer()) {
      server.guarded(other);
      problem(issuer.confirm(api(), REMOTE + "/connect"), 502, "mcp_server_failed")
          .then()
          .body("detail", containsString("another authorization server"));
    }
  }

  @Test
  void tokensAreSentToNoOtherServer() {
    server.tools(tool("a", "First")).guarded(issuer);
    connected();
    Map<String, String> late = issuer.agree(connect());
    try (ScriptedMcp other = new ScriptedMcp();
        ScriptedIssuer its = new ScriptedIssuer()) {
      other.tools(tool("z", "Last")).guarded(its);
      api()
          .body("{\"mcp\": {\"url\": \"%s\"}}".formatted(other.url()))
          .patch(REMOTE)
          .then()
          .statusCode(200)
          .body("mcp.credential.state", equalTo("none"))
          .body("servlet.meta.schema.tools.name", contains("a"));
      back(late).statusCode(400);
      back(its.agree(connect(its))).statusCode(200);
      look().body("servlet.meta.schema.tools.name", contains("z"));
      assertTrue(other.requests().stream().noneMatch(request -> issuer.lets(request.headers())));
      api()
          .body("{\"mcp\": {\"headers\": {\"Authorization\": \"Bearer x\"}}}")
          .patch(REMOTE)
          .then()
          .statusCode(502);
      look().body("mcp.auth", equalTo("oauth"));
      other.before(request -> null);
      api()
          .body("{\"mcp\": {\"auth\": \"none\"}}")
          .patch(REMOTE)
          .then()
          .statusCode(200)
          .body("mcp.auth", equalTo("none"))
          .body("mcp.connect_url", nullValue());
      assertEquals(0, sql.statement("SELECT FROM mcp_credential").list(row -> 1).size());
    }
  }

  @Test
  void tokensAreSentToNoServerThatTheDatabaseWasMadeToName() {
    server.tools(tool("a", "First")).guarded(issuer);
    connected();
    try (ScriptedMcp other = new ScriptedMcp();
        ScriptedModel model = new ScriptedModel()) {
      other.tools(tool("a", "First"));
      model.script(request -> say("Done."));
      sql.statement("UPDATE mcp_server SET url = :url").with("url", other.url()).run();
      Api.register("remote", "Use it", model).then().statusCode(201);
      Api.trigger("remote", "r", Map.of());
      JsonPath run = Api.ended("remote", "r");
      assertEquals("credential_expired", run.getString("error.code"), run::prettify);
      assertTrue(
          run.getString("error.message").contains("for another address than the server's"),
          run::prettify);
      use().body("isError", equalTo(true));
      assertEquals(List.of(), other.requests());
      assertEquals(List.of(), model.requests());
    }
  }

  @Test
  void theSecretOfAClientIsSentToNoIssuerThatTheDatabaseWasMadeToName() {
    server.tools(tool("a", "First")).guarded(issuer);
    String redirect = "http://localhost:" + RestAssured.port + "/oauth/callback";
    issuer.client("by-hand", "s3cret", redirect);
    install(", \"oauth\": {\"client_id\": \"by-hand\", \"client_secret\": \"s3cret\"}")
        .then()
        .statusCode(201);
    try (ScriptedMcp other = new ScriptedMcp();
        ScriptedIssuer its = new ScriptedIssuer()) {
      other.tools(tool("a", "First")).guarded(its);
      problem(
          api().body("{\"mcp\": {\"url\": \"%s\"}}".formatted(other.url())).patch(REMOTE),
          400,
          "key_required");
      sql.statement("UPDATE mcp_server SET url = :url").with("url", other.url()).run();
      sql.statement("UPDATE mcp_credential SET issuer = :url").with("url", its.url()).run();
      problem(its.confirm(api(), REMOTE + "/connect"), 502, "mcp_server_failed")
          .then()
          .body("detail", containsString("can't be opened: send mcp.oauth.client_secret again"));
    }
  }

  @Test
  void aRegisteredClientIsUsedWithNoIssuerThatTheDatabaseWasMadeToName() {
    server.tools(tool("a", "First")).guarded(issuer);
    connected();
    try (ScriptedMcp other = new ScriptedMcp();
        ScriptedIssuer its = new ScriptedIssuer()) {
      other.tools(tool("a", "First")).guarded(its);
      sql.statement("UPDATE mcp_server SET url = :url").with("url", other.url()).run();
      sql.statement("UPDATE mcp_registration SET issuer = :url WHERE issuer = :known")
          .with("url", its.url())
          .with("known", issuer.url())
          .run();
      String _ = connect(its);
      assertEquals(1, its.registered().size());
    }
  }

  @Test
  void scopesThatACallLacksAreAskedForNextTime() {
    server.tools(tool("a", "First")).guarded(issuer);
    connected();
    server.calls(
        request ->
            new ScriptedMcp.Answer(
                403,
                null,
                null,
                Map.of(
                    "WWW-Authenticate",
                    "Bearer error=\"insufficient_scope\", scope=\"write admin\""),
                out -> {}));
    int asked = issuer.asked().size();
    use().body("isError", equalTo(true)).body("content[0].text", containsString("`write admin`"));
    assertEquals(asked, issuer.asked().size());
    look()
        .body("mcp.oauth.lacked_scope", equalTo("write admin"))
        .body("mcp.credential.state", equalTo("ok"));
    assertEquals("read write admin offline_access", query(connect()).get("scope"));
  }

  @Test
  void tokensAreRevokedWhenTheServerIsDisconnected() {
    server.tools(tool("a", "First")).guarded(issuer);
    connected();
    api().delete(REMOTE + "/connect").then().statusCode(204);
    assertEquals(1, issuer.revoked().size());
    assertTrue(String.valueOf(issuer.revoked().getFirst().get("token")).startsWith("refresh-"));
    look()
        .body("mcp.credential.state", equalTo("none"))
        .body("servlet.meta.schema.tools.name", contains("a"));
    use().body("isError", equalTo(true)).body("content[0].text", containsString("connect"));
    api().delete(REMOTE + "/connect").then().statusCode(204);
  }

  @Test
  void tokensAreRevokedWhenTheServerIsUninstalledOrAskedOtherwise() {
    server.tools(tool("a", "First")).guarded(issuer);
    connected();
    api()
        .body("{\"mcp\": {\"oauth\": {\"scope\": \"other\"}}}")
        .patch(REMOTE)
        .then()
        .statusCode(200)
        .body("mcp.credential.state", equalTo("none"));
    Eventually.await("the first revocation", () -> issuer.revoked().size() == 1);
    back(issuer.agree(connect())).statusCode(200);
    api().delete(REMOTE).then().statusCode(204);
    Eventually.await("the second revocation", () -> issuer.revoked().size() == 2);
    List<String> revoked = issuer.revoked().stream().map(form -> form.get("token")).toList();
    assertTrue(issuer.given().containsAll(revoked), revoked.toString());
    assertEquals(2, Set.copyOf(revoked).size(), revoked.toString());
  }

  @Test
  void onlyWhoMayChangeTheProfileConnects() {
    server.tools(tool("a", "First")).guarded(issuer);
    install("").then().statusCode(201);
    String path = "/api/profiles/admin/default/installations/remote/connect";
    given().get(path).then().statusCode(401).body("code", equalTo("unauthenticated"));
    given()
        .redirects()
        .follow(false)
        .accept("text/html,*/*;q=0.8")
        .get(path)
        .then()
        .statusCode(303)
        .header("Location", endsWith("/sign-in?return=" + encoded(path.substring(1))));
    String viewer = OtherUser.named("stranger", database).session();
    api()
        .body("{\"role\": \"viewer\"}")
        .put("/api/profiles/~/default/members/stranger")
        .then()
        .statusCode(201);
    given().cookie("sessionId", viewer).get(path).then().statusCode(403);
    api().delete("/api/profiles/~/default/members/stranger");
    api().get(INSTALLATIONS + "/nothing/connect").then().statusCode(404);
    problem(
        api()
            .body(
                "{\"name\": \"other\", \"mcp\": {\"url\": \"%s\", \"auth\": \"oauth\", \"headers\": {\"X\": \"y\"}}}"
                    .formatted(server.url()))
            .post(INSTALLATIONS),
        400,
        "invalid_input");
    assertEquals(0, issuer.asked().size());
  }

  @Test
  void aClientThatTheIssuerForgotRegistersAgain() {
    server.tools(tool("a", "First")).guarded(issuer);
    connected();
    issuer.expire();
    issuer.before(form -> new ScriptedIssuer.Answer(401, "{\"error\": \"invalid_client\"}"));
    use().body("isError", equalTo(true));
    look().body("mcp.credential.state", equalTo("failing"));
    issuer.before(form -> null);
    back(issuer.agree(connect())).statusCode(200);
    assertEquals(2, issuer.registered().size());
    use().body("isError", equalTo(false));
    String other = issuer.confirm(api(), REMOTE + "/connect?register=true").header("Location");
    assertEquals("client-3", query(other).get("client_id"));
  }

  @Test
  void theDocumentOfTheClientSaysWhatItIs() {
    given()
        .get("/oauth/client.json")
        .then()
        .statusCode(200)
        .contentType("application/json")
        .body("client_id", endsWith("/oauth/client.json"))
        .body("client_name", startsWith("Errand at localhost:"))
        .body("redirect_uris[0]", endsWith("/oauth/callback"))
        .body("grant_types", hasItem("refresh_token"))
        .body("token_endpoint_auth_method", equalTo("none"));
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private Map<String, String> last() {
    return issuer.asked().getLast();
  }

  private static ValidatableResponse use() {
    return api().body("{\"text\": \"x\"}").post(REMOTE + "/tools/a").then();
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static Map<String, String> with(Map<String, String> answer, String name, String value) {
    Map<String, String> changed = new LinkedHashMap<>(answer);
    changed.put(name, value);
    return changed;
  }

  private Response install(String more) {
    return api()
        .body(
            "{\"name\": \"remote\", \"mcp\": {\"url\": \"%s\", \"auth\": \"oauth\"%s}}"
                .formatted(server.url(), more))
        .post(INSTALLATIONS);
  }

  private void connected() {
    install("").then().statusCode(201);
    back(issuer.agree(connect())).statusCode(200);
  }

  private static ValidatableResponse look() {
    return api().get(REMOTE).then().statusCode(200);
  }

  private String connect() {
    return connect(issuer);
  }

  private String connect(ScriptedIssuer asking) {
    return redirected(asking.confirm(api(), REMOTE + "/connect"));
  }

  private String redirected(Response answer) {
    String address = answer.then().statusCode(303).extract().header("Location");
    redirect = ScriptedIssuer.back(address);
    return address;
  }

  private ValidatableResponse back(Map<String, String> parameters) {
    return api()
        .urlEncodingEnabled(false)
        .get(
            redirect
                + "?"
                + parameters.entrySet().stream()
                    .map(parameter -> parameter.getKey() + "=" + encoded(parameter.getValue()))
                    .collect(Collectors.joining("&")))
        .then();
  }

  private static Map<String, String> query(String address) {
    Map<String, String> query = new LinkedHashMap<>();
    Stream.of(URI.create(address).getRawQuery().split("&", -1))
        .map(parameter -> parameter.split("=", 2))
        .forEach(parts -> query.put(parts[0], URLDecoder.decode(parts[1], StandardCharsets.UTF_8)));
    return query;
  }
}
