package dev.errand.tools.install;

import static dev.errand.support.Api.api;
import static dev.errand.support.Api.problem;
import static dev.errand.support.ScriptedMcp.tool;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.lessThan;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.database.Sql;
import dev.errand.runs.task.TaskKeys;
import dev.errand.support.Api;
import dev.errand.support.ApiToken;
import dev.errand.support.Browser;
import dev.errand.support.Browser.Page;
import dev.errand.support.Chat;
import dev.errand.support.OtherUser;
import dev.errand.support.ScriptedMcp;
import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import dev.errand.tools.port.ApprovalNeededException;
import dev.errand.tools.port.Tool;
import dev.errand.tools.port.ToolCall;
import dev.errand.tools.port.ToolLog;
import dev.errand.tools.port.ToolResult;
import dev.errand.tools.port.ToolUser;
import dev.errand.tools.port.Toolbox;
import dev.errand.tools.servlet.module.ContentAddress;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.http.ContentType;
import io.restassured.path.json.JsonPath;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * No entrance lets a call through that waits for a person: those of runs, of chats, of the API and
 * of the console, to tools of servers, of servlets and of the service itself.
 */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class EntranceApprovalTest {
  private static final String PROFILE = "/api/profiles/admin/doors";
  private static final String INSTALLATIONS = PROFILE + "/installations";
  private static final String CHAT = INSTALLATIONS + "/chat";
  private static final String TRY = "/console/admin/doors/tools/chat/try?tool=post";
  private static final Map<String, String> LOUD = Map.of("text", "loud");
  private static final Map<String, String> QUIET = Map.of("text", "quiet");

  @Inject DataSource database;
  @Inject Sql sql;
  @Inject ProfileToolbox toolboxes;
  @Inject TaskKeys keys;

  private final ScriptedMcp server = new ScriptedMcp();
  private final Chat chat = Chat.ofTests().at("/mcp/admin/doors");

  @BeforeEach
  void aToolWhoseCallsWaitIfTheyAreLoud() {
    api().body("{}").post(PROFILE).then().statusCode(201);
    server.tools(tool("post", ""), tool("search", ""));
    api()
        .body(
            """
            {"name": "chat", "mcp": {"url": "%s"},
             "approvals": {"post": {"when": "arguments.text != 'quiet'"}}}"""
                .formatted(server.url()))
        .post(INSTALLATIONS)
        .then()
        .statusCode(201);
    api()
        .body(
            """
            {"name": "tasks", "servlet_slug": "errand/tasks",
             "approvals": {"create": "always", "run": "always"}}""")
        .post(INSTALLATIONS)
        .then()
        .statusCode(201);
    api()
        .body(
            """
            {"name": "calc", "servlet_slug": "errand/calc", "approvals": {"*": "always"}}""")
        .post(INSTALLATIONS)
        .then()
        .statusCode(201);
  }

  @AfterEach
  void tidyUp() {
    api().delete(PROFILE + "?force=true").then().statusCode(204);
    api().delete("/api/users/doors-runner");
    server.close();
  }

  private int calls() {
    return server.requests("tools/call").size();
  }

  private RequestSpecification member(String role) {
    OtherUser user = OtherUser.named("doors-runner", database);
    api()
        .body(Map.of("role", role))
        .put(PROFILE + "/members/doors-runner")
        .then()
        .statusCode(lessThan(300));
    return user.api();
  }

  private UUID profileId() {
    return sql.statement("SELECT id FROM profile WHERE name = 'doors'").one(row -> row.id("id"));
  }

  private Toolbox toolbox() {
    return toolboxes.of(profileId(), tool -> true);
  }

  private static ToolCall call(Map<String, ?> arguments) {
    ObjectNode json = new ObjectMapper().valueToTree(arguments);
    return new ToolCall("call_1", json, Instant.now().plusSeconds(60), ToolLog.NONE);
  }

  private static boolean waits(Tool tool, Map<String, ?> arguments) {
    return tool.approvalRule(call(arguments).arguments()).isPresent();
  }

  @Test
  void aToolOfARunIsNotCalledUntilItIsApproved() throws InterruptedException {
    Tool post = toolbox().find("chat_post").orElseThrow();
    assertTrue(waits(post, LOUD));
    assertTrue(waits(post, Map.of()), "without the argument");
    assertFalse(waits(post, QUIET));
    ApprovalNeededException thrown =
        assertThrows(ApprovalNeededException.class, () -> post.call(call(LOUD)));
    assertEquals("chat_post", thrown.tool());
    assertEquals(TRY, thrown.page());
    assertEquals(0, calls());
    String id = api().get(CHAT).path("binding.id");
    assertEquals(id, post.origin().orElseThrow().installation().toString());
    assertFalse(post.call(call(QUIET)).isError());
    assertFalse(post.call(call(LOUD).approved()).isError());
    assertEquals(2, calls());
    Tool search = toolbox().find("chat_search").orElseThrow();
    assertFalse(waits(search, LOUD));
    assertFalse(search.call(call(LOUD)).isError());
  }

  @Test
  void aClaimReadsTheRulesWithTheTools() throws InterruptedException {
    try (ScriptedModel model = new ScriptedModel()) {
      api()
          .body(Api.task("Go", model.url(), Map.of("key", "sk-a-key-for-tests-1234")))
          .put(PROFILE + "/tasks/poster")
          .then()
          .statusCode(201);
    }
    UUID task =
        sql.statement("SELECT id FROM task WHERE profile_id = :id")
            .with("id", profileId())
            .one(row -> row.id("id"));
    JsonPath installed = api().get(CHAT).jsonPath();
    Map<UUID, ContentAddress> pinned =
        Map.of(
            UUID.fromString(installed.getString("binding.id")),
            new ContentAddress(installed.getString("binding.contentAddress")));
    Toolbox claimed =
        toolboxes.of(
            keys.openWithTools(task).orElseThrow().offered(),
            pinned,
            new ToolUser(profileId(), 1L, 1),
            tool -> true);
    assertEquals(2, claimed.tools().size());
    assertTrue(waits(claimed.find("chat_post").orElseThrow(), LOUD));
    assertFalse(waits(claimed.find("chat_search").orElseThrow(), LOUD));
  }

  @Test
  void theRulesOfTheMomentDecideAboutACall() throws InterruptedException {
    Toolbox before = toolbox();
    Tool search = before.find("chat_search").orElseThrow();
    rules("{\"search\": \"always\"}");
    assertFalse(waits(search, LOUD), "by what was read before");
    assertThrows(ApprovalNeededException.class, () -> search.call(call(LOUD)));
    assertFalse(before.find("chat_post").orElseThrow().call(call(LOUD)).isError());
    // A renamed installation keeps its rules.
    api().body("{\"name\": \"talk\"}").patch(CHAT).then().statusCode(200);
    Tool renamed = toolbox().find("talk_search").orElseThrow();
    assertTrue(waits(renamed, LOUD));
    assertThrows(ApprovalNeededException.class, () -> renamed.call(call(LOUD)));
    assertEquals(1, calls());
  }

  private static void rules(String rules) {
    api().body("{\"approvals\": " + rules + "}").patch(CHAT).then().statusCode(200);
  }

  @Test
  void anApprovedCallGoesToNoServerThatNobodySaw() throws InterruptedException {
    Tool post = toolbox().find("chat_post").orElseThrow();
    try (ScriptedMcp other = new ScriptedMcp()) {
      other.tools(tool("post", ""), tool("search", ""));
      api().body(Map.of("mcp", Map.of("url", other.url()))).patch(CHAT).then().statusCode(200);
      ToolResult refused = post.call(call(LOUD).approved());
      assertTrue(refused.joinedText().contains("was not made"), refused.joinedText());
      assertEquals(0, other.requests("tools/call").size());
      assertEquals(0, calls());
      assertFalse(toolbox().find("chat_post").orElseThrow().call(call(LOUD).approved()).isError());
      assertEquals(1, other.requests("tools/call").size());
    }
  }

  @Test
  void nobodyIsAskedAboutACallThatCantBeMade() throws InterruptedException {
    Tool post = toolbox().find("chat_post").orElseThrow();
    api().body("{\"disabled_tools\": [\"post\"]}").patch(CHAT).then().statusCode(200);
    ToolResult off = post.call(call(LOUD));
    assertTrue(off.joinedText().contains("switched off"), off.joinedText());
    api().delete(CHAT).then().statusCode(204);
    ToolResult gone = post.call(call(LOUD));
    assertTrue(gone.joinedText().contains("no longer installed"), gone.joinedText());
  }

  @Test
  void toolsOfServletsAndOfTheServiceWaitAsWell() throws InterruptedException {
    Toolbox toolbox = toolbox();
    for (String name : List.of("calc_calculate", "tasks_create", "tasks_run")) {
      Tool tool = toolbox.find(name).orElseThrow();
      assertTrue(waits(tool, Map.of()), name);
      assertThrows(ApprovalNeededException.class, () -> tool.call(call(Map.of())), name);
    }
    assertFalse(toolbox.find("tasks_list").orElseThrow().call(call(Map.of())).isError());
    JsonPath answer = chat.call("tasks_create", Map.of("task", "made", "prompt", "Hi"));
    assertTrue(answer.getBoolean("isError"), answer.prettify());
    answer = chat.call("calc_calculate", Map.of("expression", "1"));
    assertTrue(answer.getString("content[0].text").contains("tools/calc/try?tool=calculate"));
    api().get(PROFILE + "/tasks").then().body("size()", equalTo(0));
  }

  @Test
  void aChatReadsWhereAPersonCanMakeTheCall() {
    JsonPath answer = chat.call("chat_post", LOUD);
    assertTrue(answer.getBoolean("isError"));
    String text = answer.getString("content[0].text");
    assertTrue(text.contains("A person must approve this call of chat_post"), text);
    String link = text.substring(text.indexOf("http"));
    assertEquals("http://localhost:" + RestAssured.port + TRY, link);
    Page page = new Browser(Api.SESSION).open(link.substring(link.indexOf("/console")));
    assertEquals("post", page.one("h1").text());
    assertEquals(0, calls());
    assertFalse(chat.call("chat_post", QUIET).getBoolean("isError"));
    assertFalse(chat.call("chat_search", LOUD).getBoolean("isError"));
    assertEquals(2, calls());
  }

  @Test
  void aChatOfAnOlderRevisionReadsItAsWell() {
    String text =
        given()
            .contentType(ContentType.JSON)
            .accept("application/json, text/event-stream")
            .header("Authorization", "Bearer " + Api.SESSION)
            .header("MCP-Protocol-Version", "2025-11-25")
            .body(
                """
                {"jsonrpc": "2.0", "id": 1, "method": "tools/call",
                 "params": {"name": "chat_post", "arguments": {"text": "loud"},
                   "_meta": {"progressToken": "p"}}}""")
            .post("/mcp/admin/doors")
            .then()
            .statusCode(200)
            .extract()
            .asString();
    assertTrue(text.contains("A person must approve this call"), text);
    assertTrue(text.contains("http://localhost:" + RestAssured.port + TRY), text);
    assertEquals(0, calls());
  }

  @Test
  void aPersonWhoCouldApproveCallsAtOnceAndNobodyElse() {
    String post = CHAT + "/tools/post";
    api().body(LOUD).post(post).then().statusCode(200).body("isError", equalTo(false));
    member("editor").body(LOUD).post(post).then().statusCode(200);
    assertEquals(2, calls());
    problem(member("runner").body(LOUD).post(post), 403, "approval_needed");
    problem(member("runner").post(post), 403, "approval_needed");
    ApiToken token = ApiToken.make(api(), List.of("run"), Map.of());
    problem(token.api().body(LOUD).post(post), 403, "approval_needed");
    assertEquals(2, calls());
    member("runner").body(QUIET).post(post).then().statusCode(200);
    token.api().body(LOUD).post(CHAT + "/tools/search").then().statusCode(200);
    assertEquals(4, calls());
    api().delete("/api/tokens/" + token.id()).then().statusCode(204);
  }

  @Test
  void theFormOfTheConsoleIsThatOfAPersonWhoCouldApprove() {
    Browser admin = new Browser(Api.SESSION);
    Page done = admin.send(admin.open(TRY), "#try", Map.of("others", "{\"text\": \"loud\"}"));
    assertEquals(200, done.status(), done.text());
    assertTrue(done.text().contains("It answered"), done.text());
    assertEquals(1, calls());
    RequestSpecification _ = member("runner");
    Browser runner = new Browser(OtherUser.named("doors-runner", database).session());
    Page refused = runner.send(runner.open(TRY), "#try", Map.of("others", "{\"text\": \"loud\"}"));
    assertEquals(403, refused.status());
    assertTrue(refused.one(".message").text().contains("needs approval"), refused.text());
    assertEquals(1, calls());
  }
}
