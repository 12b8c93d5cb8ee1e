package dev.errand.adapters.mcp;

import static dev.errand.identity.oauth.OAuthPerson.exchange;
import static dev.errand.identity.oauth.OAuthPerson.publicClient;
import static dev.errand.identity.oauth.OAuthPerson.request;
import static dev.errand.identity.oauth.OAuthPerson.revoke;
import static dev.errand.identity.oauth.OAuthPerson.tokens;
import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.register;
import static dev.errand.support.ScriptedModel.say;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.identity.oauth.OAuthPerson;
import dev.errand.identity.oauth.OAuthPerson.Tokens;
import dev.errand.support.Api;
import dev.errand.support.ApiToken;
import dev.errand.support.Chat;
import dev.errand.support.ScriptedModel;
import dev.errand.support.StatementLog;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A chat that the user has granted access: it asks for more, and loses what it has. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class GrantedChatTest {
  private static final String PROFILE = "/api/profiles/~/default";
  private static final Map<String, ?> CALL = Map.of("name", "run_asked", "arguments", Map.of());

  private final OAuthPerson admin = new OAuthPerson(Api.SESSION);
  private final Chat chat = Chat.ofTests();
  private final ScriptedModel model = new ScriptedModel();
  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch released = new CountDownLatch(1);

  @Inject DataSource database;

  @BeforeEach
  void aTask() {
    register("asked", "Hello", model).then().statusCode(201);
  }

  @AfterEach
  void tidyUp() throws Exception {
    StatementLog.stop();
    released.countDown();
    api().body("{\"mcp\": {\"manage\": false}}").patch(PROFILE).then().statusCode(200);
    api().delete(TASKS + "/asked?force=true").then().statusCode(204);
    model.close();
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("DELETE FROM oauth_client");
    }
  }

  private Chat granted(String... scopes) {
    return chat.by(admin.connect(publicClient(), List.of(scopes)).access());
  }

  private static void lacks(Response answer, String scopes) {
    answer.then().statusCode(403).body("code", equalTo("scope_missing"));
    String challenge = answer.header("WWW-Authenticate");
    assertThat(challenge, containsString("Bearer error=\"insufficient_scope\""));
    assertThat(challenge, containsString("scope=\"" + scopes + "\""));
    assertThat(
        challenge,
        containsString(
            "resource_metadata=\"http://localhost:%d/.well-known/oauth-protected-resource/mcp\""
                .formatted(RestAssured.port)));
  }

  private static void isUnknown(Response answer) {
    answer.then().statusCode(200).body("error.code", equalTo(-32602));
  }

  private static Response withProgress(Chat chat, Map<String, ?> call) {
    Map<String, Object> meta = new HashMap<>(chat.meta());
    meta.put("progressToken", "p");
    return chat.request("tools/call", call, meta).post(chat.path());
  }

  @Test
  void aCallForWhichAScopeIsMissingSaysWhich() {
    Chat reading = granted("read");
    lacks(reading.send("tools/call", CALL), "read run");
    // The stream that it would take for an answer has a status too.
    lacks(withProgress(reading, CALL), "read run");
    lacks(reading.withTasks().send("tasks/cancel", Map.of("taskId", "asked/none")), "read run");
    assertThat(
        reading.result("tools/list", Map.of()).getList("tools.name"),
        contains("list_tasks", "get_run", "list_runs"));
    lacks(
        granted("run").send("tools/call", Map.of("name", "list_tasks", "arguments", Map.of())),
        "read run");
    Chat writing = granted("write");
    lacks(writing.send("tools/list", Map.of()), "read write");
    lacks(writing.send("tools/call", CALL), "run write");
  }

  @Test
  void theClientComesBackWithWhatItLacked() {
    String client = publicClient();
    Chat reading = chat.by(admin.connect(client, List.of("read")).access());
    lacks(reading.send("tools/call", CALL), "read run");
    Chat running = chat.by(admin.connect(client, List.of("read", "run")).access());
    assertEquals("Done.", running.call("run_asked", Map.of()).getString("content[0].text"));
  }

  @Test
  void toolsThatNoScopeGivesAreUnknown() {
    Map<String, ?> creates = Map.of("name", "create_task", "arguments", Map.of());
    Chat running = granted("read", "run");
    isUnknown(running.send("tools/call", creates));
    isUnknown(running.send("tools/call", Map.of("name", "run_nothing")));
    isUnknown(withProgress(running, Map.of("name", "run_nothing")));
    api().body("{\"mcp\": {\"manage\": true}}").patch(PROFILE).then().statusCode(200);
    lacks(running.send("tools/call", creates), "read run write");
    lacks(granted("run").send("tools/call", creates), "run write");
  }

  @Test
  void aTokenOfTheUserGetsNoScopeChallenge() {
    ApiToken token = ApiToken.make(api(), List.of("read"), Map.of());
    isUnknown(chat.by(token.text()).send("tools/call", CALL));
    api().delete("/api/tokens/" + token.id()).then().statusCode(204);
  }

  @Test
  void accessToOneProfileIsNoneToAnother() {
    api().post("/api/profiles/~/other").then().statusCode(201);
    String client = publicClient();
    Map<String, String> request = request(client);
    request.put("resource", "http://localhost:" + RestAssured.port + "/mcp/admin/other");
    String code = admin.allow(request, List.of("read", "run")).get("code");
    Chat other = chat.by(tokens(exchange(client, code, Map.of())).access());
    other.send("tools/list", Map.of()).then().statusCode(401);
    assertThat(
        other.at("/mcp/admin/other").result("tools/list", Map.of()).getList("tools.name"),
        not(contains("run_asked")));
    api().delete("/api/profiles/~/other").then().statusCode(204);
  }

  private void waits() {
    model.script(
        request -> {
          asked.countDown();
          try {
            released.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return say("Too late.");
        });
  }

  /** What a call that waits is answered when its grant is revoked meanwhile. */
  private Response revokedWhile(String client, Tokens tokens, Callable<Response> call)
      throws Exception {
    waits();
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Response> answer = executor.submit(call);
      asked.await();
      revoke(client, tokens.refresh()).then().statusCode(200);
      return answer.get();
    }
  }

  @Test
  void aWaitEndsWithItsGrant() throws Exception {
    String client = publicClient();
    Tokens tokens = admin.connect(client);
    Chat waiting = chat.by(tokens.access());
    Response answer = revokedWhile(client, tokens, () -> waiting.send("tools/call", CALL));
    answer.then().statusCode(401);
    assertThat(answer.header("WWW-Authenticate"), containsString("Bearer error=\"invalid_token\""));
    assertThat(answer.header("WWW-Authenticate"), containsString("resource_metadata="));
    // The run is the user's, and goes on.
    assertEquals(
        "running",
        chat.call("list_runs", Map.of("task", "asked"))
            .getString("structuredContent.runs[0].status"));
  }

  @Test
  void aStreamEndsWithItsGrant() throws Exception {
    String client = publicClient();
    Tokens tokens = admin.connect(client);
    Chat waiting = chat.by(tokens.access());
    Response answer = revokedWhile(client, tokens, () -> withProgress(waiting, CALL));
    answer.then().statusCode(200);
    String last =
        answer.asString().lines().filter(line -> line.startsWith("data: ")).toList().getLast();
    JsonPath message = new JsonPath(last.substring("data: ".length()));
    assertEquals(7, message.getInt("id"));
    assertTrue(message.getInt("error.code") < 0, last);
  }

  @Test
  void anAccessTokenIsFoundByOneStatement() {
    Chat reading = granted("read");
    reading.result("tools/list", Map.of());
    StatementLog.start();
    reading.result("tools/list", Map.of());
    // Who asks is found out before the request is one of its own.
    List<String> found =
        StatementLog.ofAll().stream()
            .filter(sql -> sql.contains("oauth_") || sql.contains("FROM session"))
            .toList();
    assertEquals(1, found.size(), () -> String.join("\n;\n", found));
    assertTrue(found.getFirst().contains("FROM oauth_token"), found.getFirst());
    assertEquals(
        List.of(),
        StatementLog.ofRequest("/mcp").stream()
            .filter(sql -> sql.contains("oauth_") || sql.contains("FROM session"))
            .toList());
  }
}
