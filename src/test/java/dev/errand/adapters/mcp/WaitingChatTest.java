package dev.errand.adapters.mcp;

import static dev.errand.identity.oauth.OAuthPerson.publicClient;
import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.ended;
import static dev.errand.support.Api.problem;
import static dev.errand.support.Api.register;
import static dev.errand.support.ScriptedModel.call;
import static dev.errand.support.ScriptedModel.say;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.identity.oauth.OAuthPerson;
import dev.errand.support.Api;
import dev.errand.support.ApiToken;
import dev.errand.support.Chat;
import dev.errand.support.Eventually;
import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A chat hears that a run waits for a person, and can't decide itself. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class WaitingChatTest {
  private static final String PROFILE = "/api/profiles/~/default";
  private static final String APPROVALS = PROFILE + "/approvals/";
  private static final Map<String, Object> APPROVE = Map.of("decision", "approve");

  @Inject DataSource database;

  private final Chat chat = Chat.ofTests();
  private final ScriptedModel model = new ScriptedModel();

  @BeforeEach
  void anAskingTask() {
    model.script(
        request ->
            request.size() == 1
                ? call("c", "calc_calculate", "{\"expression\":\"1+1\"}")
                : say("It is done."));
    register(
            "asking",
            "Hello",
            model,
            Map.of(
                "key", "sk-a-key-for-tests-1234", "approvals", Map.of("calc_calculate", "always")))
        .then()
        .statusCode(201);
  }

  @AfterEach
  void tidyUp() throws SQLException {
    api().body("{\"mcp\": {\"manage\": false}}").patch(PROFILE).then().statusCode(200);
    api().delete(TASKS + "/asking?force=true").then().statusCode(204);
    model.close();
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("DELETE FROM oauth_client");
    }
  }

  @Test
  void aChatIsToldAtOnceThatAPersonDecides() {
    JsonPath answer = chat.call("run_asking", Map.of());
    assertFalse(answer.getBoolean("isError"));
    assertEquals("pending", answer.getString("structuredContent.status"));
    String run = answer.getString("structuredContent.run");
    JsonPath waiting = api().get(TASKS + "/asking/runs/" + run).jsonPath();
    String page = page(waiting.getString("waiting_for.approvals[0]"));
    assertEquals(
        Map.of("kind", "approval", "until", waiting.getString("waiting_for.until"), "url", page),
        answer.getMap("structuredContent.waiting_for"));
    String text = answer.getString("content[0].text");
    assertTrue(text.contains("You can't decide"), text);
    assertTrue(text.contains("tell your user to decide at " + page), text);

    Map<String, Object> asked = Map.of("task", "asking", "run", run);
    assertEquals(page, chat.call("get_run", asked).getString("structuredContent.waiting_for.url"));
    assertEquals(
        "approval",
        chat.call("list_runs", Map.of("task", "asking"))
            .getString("structuredContent.runs[0].waiting_for.kind"));
    String progress = withProgress(asked).asString();
    assertTrue(progress.contains("A person decides about the call of calc_calculate."), progress);
    assertTrue(progress.contains(page), progress);

    decide(api(), waiting.getString("waiting_for.approvals[0]"), 200);
    ended("asking", run);
    JsonPath done = chat.call("get_run", asked);
    assertEquals("It is done.", done.getString("content[0].text"));
    assertNull(done.get("structuredContent.waiting_for"));
  }

  @Test
  void aRunThatIsATaskOfTheProtocolSaysItToo() {
    Chat withTasks = chat.withTasks();
    String task = withTasks.call("run_asking", Map.of()).getString("taskId");
    String approval = waiting(task.substring("asking/".length()));
    JsonPath shown = withTasks.result("tasks/get", Map.of("taskId", task));
    assertEquals("working", shown.getString("status"));
    String message = shown.getString("statusMessage");
    assertTrue(message.endsWith("tell your user to decide at " + page(approval) + "."), message);
  }

  @Test
  void noToolDecides() {
    api().body("{\"mcp\": {\"manage\": true}}").patch(PROFILE).then().statusCode(200);
    Set<String> own =
        Set.of("list_tasks", "get_run", "list_runs", "cancel_run", "create_task", "schedule_task");
    List<String> others =
        chat.result("tools/list", Map.of()).<String>getList("tools.name").stream()
            .filter(name -> !own.contains(name))
            .toList();
    assertTrue(others.stream().noneMatch(name -> name.contains("appro")), others.toString());
  }

  @Test
  void nothingDecidesThatWasNotGivenTheScope() {
    String run = chat.call("run_asking", Map.of()).getString("structuredContent.run");
    String approval = waiting(run);
    String granted =
        new OAuthPerson(Api.SESSION)
            .connect(publicClient(), List.of("read", "run", "write", "approve"))
            .access();
    refused(new ApiToken("granted", granted).api(), approval, 401, "unauthenticated");
    refused(
        ApiToken.make(api(), List.of("read", "run", "write", "servlets", "admin"), Map.of()).api(),
        approval,
        403,
        "scope_missing");
    decide(
        ApiToken.make(api(), List.of("approve"), Map.of("tasks", List.of("admin/default/asking")))
            .api(),
        approval,
        200);
    assertEquals("ready", ended("asking", run).getString("status"));
  }

  private static void refused(RequestSpecification by, String approval, int status, String code) {
    problem(by.body(APPROVE).post(APPROVALS + approval), status, code);
    api().get(APPROVALS + approval).then().body("status", equalTo("open"));
  }

  private static void decide(RequestSpecification by, String approval, int status) {
    by.body(APPROVE).post(APPROVALS + approval).then().statusCode(status);
  }

  private Response withProgress(Map<String, Object> arguments) {
    Map<String, Object> meta = new HashMap<>(chat.meta());
    meta.put("progressToken", "p");
    return chat.request("tools/call", Map.of("name", "get_run", "arguments", arguments), meta)
        .post(chat.path());
  }

  private static String waiting(String run) {
    Eventually.await(
        "a run that waits",
        () -> api().get(TASKS + "/asking/runs/" + run).path("waiting_for.kind") != null);
    return api().get(TASKS + "/asking/runs/" + run).path("waiting_for.approvals[0]");
  }

  private static String page(String approval) {
    return "http://localhost:%d/console/admin/default/approvals/%s"
        .formatted(RestAssured.port, approval);
  }
}
