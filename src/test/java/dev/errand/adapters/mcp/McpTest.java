package dev.errand.adapters.mcp;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.register;
import static dev.errand.support.ScriptedModel.say;
import static io.restassured.RestAssured.given;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.anyOf;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.runs.lifecycle.RunService;
import dev.errand.support.Api;
import dev.errand.support.ApiToken;
import dev.errand.support.Chat;
import dev.errand.support.Eventually;
import dev.errand.support.OtherUser;
import dev.errand.support.ScriptedMcp;
import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a chat sees of a profile by the Model Context Protocol, and what it can do there. */
@Tag("lambda")
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class McpTest {
  private static final String TASK = "chatted";
  private static final String TOOL = "run_" + TASK;
  private static final String PROFILE = "/api/profiles/~/default";

  private final ScriptedModel model = new ScriptedModel();
  private final Chat chat = Chat.ofTests();

  @Inject DataSource database;

  @BeforeEach
  void aTask() {
    register(TASK, "Say hello to {{ name }}{{#loud}} loudly{{/loud}}.", model);
  }

  @AfterEach
  void stop() {
    api().delete(TASKS + "/" + TASK + "?force=true").then().statusCode(204);
    api().delete(TASKS + "/made-by-chat?force=true");
    offer(Map.of("tasks", true, "tools", true, "manage", false));
    model.close();
  }

  private static void offer(Map<String, Boolean> mcp) {
    api().body(Map.of("mcp", mcp)).patch(PROFILE).then().statusCode(200);
  }

  private static List<String> names(JsonPath list) {
    return list.getList("tools.name");
  }

  @Test
  void discoveryDescribesTheServer() {
    chat.send("server/discover", Map.of())
        .then()
        .statusCode(200)
        .body("jsonrpc", equalTo("2.0"))
        .body("id", equalTo(7))
        .body("result.resultType", equalTo("complete"))
        .body("result.supportedVersions", hasItems("2026-07-28", "2025-11-25"))
        .body("result.capabilities", hasKey("tools"))
        .body("result.capabilities.extensions", hasKey("io.modelcontextprotocol/tasks"))
        .body("result.cacheScope", equalTo("private"))
        .body("result._meta.'io.modelcontextprotocol/serverInfo'.name", equalTo("errand"));
  }

  @Test
  void aTaskIsAToolWhoseArgumentsAreItsParameters() {
    JsonPath list = chat.result("tools/list", Map.of());
    assertThat(names(list), hasItems(TOOL, "list_tasks", "get_run", "list_runs", "cancel_run"));
    assertThat(names(list), not(hasItem("create_task")));
    assertThat(list.getInt("ttlMs"), equalTo(60_000));
    String schema = "tools.find { it.name == '" + TOOL + "' }.inputSchema";
    assertEquals(List.of("name"), list.getList(schema + ".required"));
    assertEquals(Set.of("name", "loud"), list.getMap(schema + ".properties").keySet());
    assertThat(
        list.getString("tools.find { it.name == '" + TOOL + "' }.description"),
        containsString("Say hello to {{ name }}"));
    api().body("{\"enabled\": false}").patch(TASKS + "/" + TASK).then().statusCode(200);
    assertThat(names(chat.result("tools/list", Map.of())), not(hasItem(TOOL)));
  }

  @Test
  void aCallRunsTheTaskAndAnswersWithItsOutput() {
    model.script(request -> say("Hello, Ada!"));
    JsonPath answer = chat.call(TOOL, Map.of("name", "Ada"));
    assertEquals("Hello, Ada!", answer.getString("content[0].text"));
    assertFalse(answer.getBoolean("isError"));
    assertEquals("complete", answer.getString("resultType"));
    assertEquals("ready", answer.getString("structuredContent.status"));
    String run = answer.getString("structuredContent.run");
    api()
        .get(TASKS + "/" + TASK + "/runs/" + run)
        .then()
        .statusCode(200)
        .body("trigger.kind", equalTo("mcp"))
        .body("trigger.client.name", equalTo("a test"))
        .body("trigger.client.version", equalTo("1.2"))
        .body("parameters.name", equalTo("Ada"));
    JsonPath again = chat.call("get_run", Map.of("task", TASK, "run", run));
    assertEquals("Hello, Ada!", again.getString("content[0].text"));
  }

  @Test
  void aTaskKeepsItsNameBesideAnInstallationNamedRun() {
    model.script(request -> say("From the task."));
    try (ScriptedMcp server = new ScriptedMcp()) {
      server.tools(ScriptedMcp.tool(TASK, ""), ScriptedMcp.tool("other", ""));
      server.calls(request -> ScriptedMcp.text("From the tool."));
      api()
          .body(Map.of("name", "run", "mcp", Map.of("url", server.url())))
          .post(PROFILE + "/installations")
          .then()
          .statusCode(201);
      JsonPath list = chat.result("tools/list", Map.of());
      String tool =
          names(list).stream()
              .filter(name -> name.matches(TOOL + "_[0-9a-f]{8}"))
              .findFirst()
              .orElseThrow();

      assertThat(names(list), hasItems(TOOL, "run_other"));
      assertEquals(
          List.of("name"),
          list.getList("tools.find { it.name == '" + TOOL + "' }.inputSchema.required"));
      assertEquals(
          "From the task.", chat.call(TOOL, Map.of("name", "Ada")).getString("content[0].text"));
      assertEquals("From the tool.", chat.call(tool, Map.of()).getString("content[0].text"));
      assertEquals("From the tool.", chat.call("run_other", Map.of()).getString("content[0].text"));
    } finally {
      api().delete(PROFILE + "/installations/run");
    }
  }

  @Test
  void mistakesOfTheModelAreReadableResults() {
    JsonPath missing = chat.call(TOOL, Map.of());
    assertTrue(missing.getBoolean("isError"));
    assertThat(missing.getString("content[0].text"), containsString("name"));
    JsonPath unknown = chat.call("get_run", Map.of("task", TASK, "run", "none"));
    assertTrue(unknown.getBoolean("isError"));
    JsonPath misspelt = chat.call("get_run", Map.of("task", TASK, "ran", "r"));
    assertThat(misspelt.getString("content[0].text"), containsString("task, run, wait"));
    model.script(request -> ScriptedModel.error(401, "invalid_api_key", "wrong key"));
    JsonPath failed = chat.call(TOOL, Map.of("name", "Ada"));
    assertTrue(failed.getBoolean("isError"));
    assertEquals("error", failed.getString("structuredContent.status"));
    assertThat(failed.getString("structuredContent.error"), notNullValue());
    chat.send("tools/call", Map.of("name", "run_nothing", "arguments", Map.of()))
        .then()
        .statusCode(200)
        .body("error.code", equalTo(-32602))
        .body("error.message", containsString("run_nothing"));
  }

  @Test
  void aCallWithAKeyThatIsSentAgainIsTheSameRun() {
    Map<String, Object> meta = new HashMap<>(chat.meta());
    meta.put("dev.errand/idempotencyKey", "once " + System.nanoTime());
    Map<String, Object> call = Map.of("name", TOOL, "arguments", Map.of("name", "Ada"));
    String first =
        chat.request("tools/call", call, meta).post("/mcp").path("result.structuredContent.run");
    String second =
        chat.request("tools/call", call, meta).post("/mcp").path("result.structuredContent.run");
    assertEquals(first, second);
    assertEquals(1, model.requests().size());
    assertFalse(
        first.equals(chat.call(TOOL, Map.of("name", "Ada")).getString("structuredContent.run")));
    JsonPath other =
        chat.request("tools/call", Map.of("name", TOOL, "arguments", Map.of("name", "Eve")), meta)
            .post("/mcp")
            .jsonPath();
    assertEquals(first, other.getString("result.structuredContent.run"));
    assertEquals(RunService.OTHER_PARAMETERS, other.getString("result.content[1].text"));
  }

  @Test
  @Tag("not-on-lambda")
  void progressIsStreamedToAClientThatWantsIt() {
    Map<String, Object> meta = new HashMap<>(chat.meta());
    meta.put("progressToken", "p-1");
    Response answer =
        chat.request("tools/call", Map.of("name", TOOL, "arguments", Map.of("name", "Ada")), meta)
            .post("/mcp");
    assertThat(answer.contentType(), containsString("text/event-stream"));
    assertEquals("no", answer.header("X-Accel-Buffering"));
    List<JsonPath> messages =
        answer
            .asString()
            .lines()
            .filter(line -> line.startsWith("data: "))
            .map(line -> new JsonPath(line.substring("data: ".length())))
            .toList();
    List<JsonPath> progress = messages.subList(0, messages.size() - 1);
    assertThat(progress, not(empty()));
    int before = 0;
    for (JsonPath one : progress) {
      assertEquals("notifications/progress", one.getString("method"));
      assertEquals("p-1", one.getString("params.progressToken"));
      assertTrue(one.getInt("params.progress") > before);
      before = one.getInt("params.progress");
    }
    assertEquals("Done.", messages.getLast().getString("result.content[0].text"));
    assertEquals(7, messages.getLast().getInt("id"));
  }

  @Test
  void runsAreListedAndCancelled() throws Exception {
    chat.call(TOOL, Map.of("name", "Ada"));
    chat.call(TOOL, Map.of("name", "Bob"));
    JsonPath page = chat.call("list_runs", Map.of("task", TASK, "limit", 1));
    assertThat(page.getList("structuredContent.runs"), hasSize(1));
    JsonPath next =
        chat.call(
            "list_runs",
            Map.of("task", TASK, "cursor", page.getString("structuredContent.cursor")));
    assertThat(next.getList("structuredContent.runs"), hasSize(1));
    assertThat(next.getString("structuredContent.cursor"), nullValue());
    String run = next.getString("structuredContent.runs[0].run");
    JsonPath kept = chat.call("cancel_run", Map.of("task", TASK, "run", run));
    assertEquals("ready", kept.getString("structuredContent.status"));
    assertThat(
        chat.call("list_tasks", Map.of()).getList("structuredContent.tasks.task"), hasItem(TASK));
  }

  @Test
  void aLongPromptIsListedByItsBeginning() {
    register(TASK, "{{ name }} " + "x".repeat(2000), model).then().statusCode(200);
    JsonPath listed = chat.call("list_tasks", Map.of());
    String task = "structuredContent.tasks.find { it.task == '" + TASK + "' }";
    assertEquals(
        "{{ name }} " + "x".repeat(600 - "{{ name }} ".length()) + "…",
        listed.getString(task + ".prompt"));
    assertEquals(List.of("name"), listed.getList(task + ".required"));
  }

  @Test
  void aRunIsATaskForAClientThatKnowsTasks() {
    Chat knowing = chat.withTasks();
    JsonPath made = knowing.call(TOOL, Map.of("name", "Ada"));
    assertEquals("task", made.getString("resultType"));
    String id = made.getString("taskId");
    JsonPath now = knowing.result("tasks/get", Map.of("taskId", id));
    assertEquals("complete", now.getString("resultType"));
    Eventually.await(
        "the task is completed",
        () ->
            knowing
                .result("tasks/get", Map.of("taskId", id))
                .getString("status")
                .equals("completed"));
    JsonPath done = knowing.result("tasks/get", Map.of("taskId", id));
    assertEquals("Done.", done.getString("result.content[0].text"));
    assertEquals("complete", done.getString("result.resultType"));
    assertThat(done.getLong("ttlMs"), notNullValue());
    knowing.result("tasks/update", Map.of("taskId", id, "inputResponses", Map.of()));
    knowing.result("tasks/cancel", Map.of("taskId", id));
    for (String unknown : List.of("nothing", TASK + "/none", "none/none", "/")) {
      knowing
          .send("tasks/get", Map.of("taskId", unknown))
          .then()
          .body("error.code", equalTo(-32602));
    }
    chat.send("tasks/get", Map.of("taskId", id))
        .then()
        .statusCode(400)
        .body("error.code", equalTo(-32021))
        .body(
            "error.data.requiredCapabilities.extensions", hasKey("io.modelcontextprotocol/tasks"));
  }

  @Test
  void aChatManagesTasksWhereTheProfileOffersIt() {
    Map<String, Object> wanted =
        Map.of("task", "made-by-chat", "prompt", "Hi {{ who }}", "provider", "~/of-chats");
    chat.send("tools/call", Map.of("name", "create_task", "arguments", wanted))
        .then()
        .body("error.code", equalTo(-32602));
    offer(Map.of("manage", true));
    assertThat(
        names(chat.result("tools/list", Map.of())), hasItems("create_task", "schedule_task", TOOL));
    JsonPath none = chat.call("create_task", wanted);
    assertTrue(none.getBoolean("isError"));
    api()
        .body(
            Map.of(
                "runner",
                "openai",
                "openai",
                Map.of("model", "m", "base_url", model.url()),
                "settings",
                Map.of("key", "k")))
        .put("/api/users/~/providers/of-chats")
        .then()
        .statusCode(201);
    assertEquals(
        "made-by-chat", chat.call("create_task", wanted).getString("structuredContent.task"));
    assertThat(
        chat.call("create_task", wanted).getString("content[0].text"), containsString("already"));
    JsonPath set =
        chat.call(
            "schedule_task",
            Map.of(
                "task",
                "made-by-chat",
                "schedule",
                "daily",
                "cron",
                "0 9 * * *",
                "parameters",
                Map.of("who", "Ada")));
    assertThat(set.getString("structuredContent.understood"), notNullValue());
    assertEquals(
        "Done.", chat.call("run_made-by-chat", Map.of("who", "Bob")).getString("content[0].text"));
    api().delete(TASKS + "/made-by-chat?force=true").then().statusCode(204);
    api().delete("/api/users/~/providers/of-chats").then().statusCode(204);
    offer(Map.of("tasks", false, "tools", false, "manage", false));
    assertThat(names(chat.result("tools/list", Map.of())), empty());
  }

  @Test
  void aTokenHasTheToolsOfItsScopesAndLimits() {
    ApiToken reading = ApiToken.make(api(), List.of("read"), Map.of());
    assertThat(
        names(chat.by(reading.text()).result("tools/list", Map.of())),
        contains("list_tasks", "get_run", "list_runs"));
    ApiToken running = ApiToken.make(api(), List.of("run"), Map.of());
    JsonPath list = chat.by(running.text()).result("tools/list", Map.of());
    assertThat(names(list), hasItems(TOOL, "get_run", "cancel_run"));
    assertThat(names(list), not(hasItem("list_tasks")));
    assertThat(list.prettify(), not(containsString("Say hello")));
    ApiToken limited =
        ApiToken.make(
            api(), List.of("read", "run"), Map.of("tasks", List.of("admin/default/other")));
    assertThat(names(chat.by(limited.text()).result("tools/list", Map.of())), not(hasItem(TOOL)));
    chat.by(limited.text())
        .send("tools/call", Map.of("name", TOOL, "arguments", Map.of("name", "Ada")))
        .then()
        .body("error.code", equalTo(-32602));
    for (ApiToken made : List.of(reading, running, limited)) {
      api().delete("/api/tokens/" + made.id()).then().statusCode(204);
    }
    chat.by(reading.text()).send("tools/list", Map.of()).then().statusCode(401);
  }

  @Test
  void aTokenForOneProfileHasThatProfileAndNoneOnceItIsDeleted() {
    api().post("/api/profiles/~/for-a-chat").then().statusCode(201);
    ApiToken token =
        ApiToken.make(api(), List.of("read", "run"), Map.of("profiles", List.of("~/for-a-chat")));
    assertThat(
        names(chat.by(token.text()).result("tools/list", Map.of())),
        contains("list_tasks", "get_run", "list_runs", "cancel_run"));
    api().delete("/api/profiles/~/for-a-chat").then().statusCode(204);
    chat.by(token.text()).send("tools/list", Map.of()).then().statusCode(anyOf(is(401), is(404)));
    api().delete("/api/tokens/" + token.id());
  }

  @Test
  void somebodyElsesProfileIsNotThere() {
    OtherUser erin = OtherUser.named("mcp-erin", database);
    chat.by(erin.session())
        .at("/mcp/admin/default")
        .send("tools/list", Map.of())
        .then()
        .statusCode(404);
    api().body(Map.of("role", "viewer")).put(PROFILE + "/members/mcp-erin").then().statusCode(201);
    assertThat(
        names(chat.by(erin.session()).at("/mcp/admin/default").result("tools/list", Map.of())),
        contains("list_tasks", "get_run", "list_runs"));
    api().delete(PROFILE + "/members/mcp-erin").then().statusCode(204);
  }

  @Test
  void anOlderClientBeginsWithInitialize() {
    Response begun =
        older()
            .body(
                """
                {"jsonrpc": "2.0", "id": "a", "method": "initialize", "params": {
                  "protocolVersion": "2025-11-25", "capabilities": {},
                  "clientInfo": {"name": "Old chat", "version": "9"}}}
                """)
            .post("/mcp");
    begun
        .then()
        .statusCode(200)
        .body("id", equalTo("a"))
        .body("result.protocolVersion", equalTo("2025-11-25"))
        .body("result.serverInfo.name", equalTo("errand"))
        .body("result.capabilities", hasKey("tools"))
        .body("result", not(hasKey("resultType")));
    String session = begun.header("Mcp-Session-Id");
    older()
        .header("Mcp-Session-Id", session)
        .body("{\"jsonrpc\": \"2.0\", \"method\": \"notifications/initialized\"}")
        .post("/mcp")
        .then()
        .statusCode(202)
        .body(equalTo(""));
    JsonPath answer =
        older()
            .header("Mcp-Session-Id", session)
            .body(
                """
                {"jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": {
                  "name": "%s", "arguments": {"name": "Ada"}}}
                """
                    .formatted(TOOL))
            .post("/mcp")
            .then()
            .statusCode(200)
            .body("result.content[0].text", equalTo("Done."))
            .body("result", not(hasKey("resultType")))
            .extract()
            .jsonPath();
    api()
        .get(TASKS + "/" + TASK + "/runs/" + answer.getString("result.structuredContent.run"))
        .then()
        .body("trigger.client.name", equalTo("Old chat"));
    older()
        .header("Mcp-Session-Id", session)
        .body("{\"jsonrpc\": \"2.0\", \"id\": 3, \"method\": \"nothing\"}")
        .post("/mcp")
        .then()
        .statusCode(200)
        .body("error.code", equalTo(-32601));
    older()
        .header("Mcp-Session-Id", session)
        .body("{\"jsonrpc\": \"2.0\", \"id\": 3, \"method\": \"ping\"}")
        .post("/mcp")
        .then()
        .statusCode(200)
        .body("result", equalTo(Map.of()));
    given().header("Authorization", "Bearer " + Api.SESSION).get("/mcp").then().statusCode(405);
    given().header("Authorization", "Bearer " + Api.SESSION).delete("/mcp").then().statusCode(405);
  }

  private static RequestSpecification older() {
    return given()
        .contentType(ContentType.JSON)
        .accept("application/json, text/event-stream")
        .header("Authorization", "Bearer " + Api.SESSION)
        .header("MCP-Protocol-Version", "2025-11-25");
  }

  @Test
  void withoutACredentialItAnswers401() {
    Response refused =
        given()
            .contentType(ContentType.JSON)
            .body("{\"jsonrpc\": \"2.0\", \"id\": 1, \"method\": \"tools/list\"}")
            .post("/mcp");
    assertEquals(401, refused.statusCode());
    // The framework's mock of Lambda splits fields at their commas.
    assertThat(
        String.join(",", refused.headers().getValues("WWW-Authenticate")),
        containsString("Bearer resource_metadata="));
  }
}
