package dev.errand.runs.approval;

import static dev.errand.support.Api.api;
import static dev.errand.support.Api.problem;
import static dev.errand.support.ScriptedMcp.tool;
import static dev.errand.support.ScriptedModel.call;
import static dev.errand.support.ScriptedModel.say;
import static org.hamcrest.Matchers.anEmptyMap;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.lessThan;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.errand.base.database.Sql;
import dev.errand.support.Api;
import dev.errand.support.ApiToken;
import dev.errand.support.OtherUser;
import dev.errand.support.ScriptedMcp;
import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which calls of the past would have waited for a person, by rules that are not stored yet. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class ApprovalPreviewTest {
  private static final String PROFILE = "/api/profiles/admin/previewed";
  private static final String CHAT = PROFILE + "/installations/chat";

  @Inject DataSource database;
  @Inject Sql sql;

  private final ScriptedMcp server = new ScriptedMcp();
  private final ScriptedModel model = new ScriptedModel();

  @BeforeEach
  void runsThatHaveCalledTools() {
    api().body("{}").post(PROFILE).then().statusCode(201);
    server.tools(tool("post", ""), tool("search", ""));
    api()
        .body("{\"name\": \"chat\", \"mcp\": {\"url\": \"" + server.url() + "\"}}")
        .post(PROFILE + "/installations")
        .then()
        .statusCode(201);
    api()
        .body("{\"servlet_slug\": \"errand/calc\"}")
        .post(PROFILE + "/installations")
        .then()
        .statusCode(201);
    api()
        .body(Api.task("Go", model.url(), Map.of("key", "sk-a-key-for-tests-1234")))
        .put(PROFILE + "/tasks/poster")
        .then()
        .statusCode(201);
    run("one", call("c1", "chat_post", "{\"text\": \"short\"}"));
    run("two", call("c2", "chat_search", "{\"text\": \"a longer text\"}"));
    run("three", call("c3", "chat_post", "{\"text\": \"a longer text\"}"));
    run("four", call("c4", "calc_calculate", "{\"expression\": \"1 + 1\"}"));
    run("five", call("c5", "chat_post", "not JSON"));
    run("six", call("c6", "chat_post", "{\"text\": \"" + "x".repeat(30_000) + "\"}"));
  }

  @AfterEach
  void tidyUp() {
    api().delete(PROFILE + "?force=true").then().statusCode(204);
    api().delete("/api/users/previewed-member");
    model.close();
    server.close();
  }

  private void run(String name, ScriptedModel.Answer first) {
    model.script(request -> request.size() < 2 ? first : say("Done."));
    api()
        .body("{}")
        .put(PROFILE + "/tasks/poster/runs/" + name + "?wait=60")
        .then()
        .statusCode(201)
        .body("status", equalTo("ready"));
  }

  private static Response preview(String body) {
    return api().body(body).post(CHAT + "/approvals/preview");
  }

  private static ValidatableResponse by(String rules) {
    return preview("{\"approvals\": " + rules + "}").then().statusCode(200);
  }

  @Test
  void callsAreCountedByToolAndTheNewestAreShown() {
    by("{\"post\": \"always\"}")
        .body("runs", equalTo(6))
        .body("calls", equalTo(5))
        .body("waiting", equalTo(3))
        .body("complete", equalTo(true))
        .body("since", endsWith("Z"))
        .body("tools.post", equalTo(Map.of("calls", 4, "waiting", 3)))
        .body("tools.search", equalTo(Map.of("calls", 1, "waiting", 0)))
        .body("examples.run", contains("six", "three", "one"))
        .body("examples.task", contains("poster", "poster", "poster"))
        .body("examples[1].tool", equalTo("post"))
        .body("examples[1].url", endsWith("/api/profiles/admin/previewed/tasks/poster/runs/three"))
        .body("examples[1].arguments", equalTo("{\"text\":\"a longer text\"}"))
        .body("examples[0].arguments.length()", lessThan(501));
    api().get(CHAT).then().body("approvals", anEmptyMap());
    assertEquals(4, server.requests("tools/call").size(), "nothing is called");
  }

  @Test
  void conditionsAreEvaluatedOnTheArgumentsOfTheTime() {
    by("{\"*\": {\"when\": \"size(arguments.text) > 5\"}}")
        .body("waiting", equalTo(3))
        .body("examples.run", contains("six", "three", "two"));
    by("{\"post\": {\"when\": \"arguments.missing == 1\"}}").body("waiting", equalTo(3));
    by("{\"*\": \"never\"}").body("waiting", equalTo(0)).body("examples", empty());
  }

  @Test
  void withoutRulesThoseOfTheInstallationAreLookedAt() {
    preview("").then().statusCode(200).body("waiting", equalTo(0));
    api().body("{\"approvals\": {\"*\": \"always\"}}").patch(CHAT).then().statusCode(200);
    preview("{}").then().statusCode(200).body("waiting", equalTo(4));
    // They are looked for by the names that the tools have now.
    api().body("{\"name\": \"talk\"}").patch(CHAT).then().statusCode(200);
    api().post(PROFILE + "/installations/talk/approvals/preview").then().body("calls", equalTo(0));
  }

  @Test
  void onlyTheLast30DaysAndTasksThatExistCount() {
    sql.statement(
            "UPDATE run SET created_at = created_at - interval '31 days' WHERE name IN ('one',"
                + " 'two')")
        .run();
    by("{\"*\": \"always\"}").body("runs", equalTo(4)).body("examples", hasSize(2));
    api().delete(PROFILE + "/tasks/poster").then().statusCode(204);
    by("{\"*\": \"always\"}").body("runs", equalTo(0)).body("calls", equalTo(0));
  }

  @Test
  void aPreviewEndsWhenItsStepsAreUsedUpAndSaysHowManyCallsItLookedAt() {
    // As if the run had called the tool 200 times, with a list that takes long to go through.
    String list = "[" + "1,".repeat(119) + "1]";
    sql.statement(
            """
            INSERT INTO run_entry (run_id, seq, entry)
            SELECT run.id, number, '{"msg":"call tool request","time":1737011633610,"level":30,"params":{"name":"chat_post","arguments":{"list":' || :list || '}},"tool_call_id":"c' || number || '"}'
            FROM run CROSS JOIN generate_series(100, 299) AS number WHERE run.name = 'six'
            """)
        .with("list", list)
        .run();
    by("{\"post\": {\"when\": \"size(arguments.list) == 120\"}}")
        .body("tools.post", equalTo(Map.of("calls", 204, "waiting", 203)))
        .body("complete", equalTo(true));
    // Each evaluation is within the limit of one.
    by("{\"post\": {\"when\": \"arguments.list.all(a, arguments.list.all(b, a == b))\"}}")
        .body("complete", equalTo(false))
        .body("runs", equalTo(1))
        .body("calls", greaterThan(4))
        .body("calls", lessThan(200));
  }

  @Test
  void callsAreReadInPages() {
    // More calls than a page has, and more bytes.
    sql.statement(
            """
            INSERT INTO run_entry (run_id, seq, entry)
            SELECT run.id, number, '{"msg":"call tool request","time":1737011633610,"level":30,"params":{"name":"chat_post","arguments":{"text":"' || repeat('x', CASE WHEN run.name = 'two' THEN 9000 ELSE 1 END) || '"}},"tool_call_id":"c' || number || '"}'
            FROM run CROSS JOIN generate_series(100, 1349) AS number
            WHERE run.name = 'five' OR (run.name = 'two' AND number < 400)
            """)
        .run();
    by("{\"*\": \"always\"}")
        .body("runs", equalTo(6))
        .body("tools.post", equalTo(Map.of("calls", 1554, "waiting", 1553)))
        .body("complete", equalTo(true));
  }

  @Test
  void wrongRulesAndWhoMayNotSeeRunsAreRefused() {
    problem(preview("{\"approvals\": {\"post\": \"soon\"}}"), 400, "invalid_input")
        .then()
        .body("errors[0].field", equalTo("approvals.post"));
    problem(preview("{\"rules\": {}}"), 400, "invalid_input");
    problem(
        api().post(PROFILE + "/installations/nothing/approvals/preview"),
        404,
        "installation_not_found");
    OtherUser user = OtherUser.named("previewed-member", database);
    api().body("{\"is_public\": true}").patch(PROFILE).then().statusCode(200);
    problem(user.api().post(CHAT + "/approvals/preview"), 403, "role_missing")
        .then()
        .body("detail", containsString("viewer"));
    api()
        .body(Map.of("role", "viewer"))
        .put(PROFILE + "/members/previewed-member")
        .then()
        .statusCode(201);
    user.api().post(CHAT + "/approvals/preview").then().statusCode(200);
    ApiToken ofTask =
        ApiToken.make(api(), List.of("read"), Map.of("tasks", List.of("admin/previewed/other")));
    problem(ofTask.api().post(CHAT + "/approvals/preview"), 403, "scope_missing");
    api().delete("/api/tokens/" + ofTask.id()).then().statusCode(204);
  }
}
