package dev.errand.adapters.mcp;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.ended;
import static dev.errand.support.Api.register;
import static dev.errand.support.Api.trigger;
import static dev.errand.support.ScriptedMcp.tool;
import static dev.errand.support.ScriptedModel.call;
import static dev.errand.support.ScriptedModel.say;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.lessThan;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import dev.errand.support.ApiToken;
import dev.errand.support.Chat;
import dev.errand.support.OtherUser;
import dev.errand.support.ScriptedMcp;
import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.math.BigInteger;
import java.net.URI;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs that start runs by the Model Context Protocol, as where a service is its own server. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class ChainsOverMcpTest {
  private static final String PROFILE = "/api/profiles/~/default";
  private static final String INSTALLATIONS = PROFILE + "/installations";
  private static final String DEPTH = "dev.errand/runDepth";
  private static final String RUN = "dev.errand/run";
  private static final String TOO_DEEP = "Runs may start runs 5 levels deep";

  private final ScriptedModel model = new ScriptedModel();
  private final ScriptedMcp other = new ScriptedMcp();
  private final Chat chat = Chat.ofTests();

  @Inject DataSource database;

  @TestHTTPResource("/mcp")
  URI own;

  @BeforeEach
  void aTask() {
    register("chain", "Go on", model, Map.of("key", "sk-a-key-for-tests-1234", "concurrency", 20))
        .then()
        .statusCode(201);
    api().body(Map.of("mcp", Map.of("manage", true))).patch(PROFILE).then().statusCode(200);
  }

  @AfterEach
  void tidyUp() {
    for (String installation : List.of("self", "other", "tasks")) {
      api().delete(INSTALLATIONS + "/" + installation);
    }
    api().body(Map.of("mcp", Map.of("manage", false))).patch(PROFILE).then().statusCode(200);
    api().delete(TASKS + "/chain?force=true").then().statusCode(204);
    other.close();
    model.close();
  }

  @Test
  void aTaskThatCallsItselfComesToAnEnd() {
    model.script(
        request ->
            request.size() == 1 && model.requests().size() < 20
                ? call("a", "self_run_chain", "{}")
                : say(request.lastMessage().path("content").asText()));
    ApiToken token = installSelf();
    trigger("chain", "first", Map.of()).then().statusCode(201);
    JsonPath first = ended("chain", "first");
    assertTrue(first.getString("output").contains(TOO_DEEP), first.prettify());
    assertEquals(List.of(5, 4, 3, 2, 1, 0), runs().getList("depth"));
    assertEquals("errand", runs().getString("[0].trigger.client.name"));
    api().delete("/api/tokens/" + token.id()).then().statusCode(204);
  }

  @Test
  void aChainCountsForTheBudgetsOfItsTop() {
    register("top", "Go on", model, Map.of("key", "sk-a-key-for-tests-1234"))
        .then()
        .statusCode(201);
    api()
        .body("{\"period\": \"day\", \"tokens\": 10000000, \"task\": \"top\"}")
        .put(PROFILE + "/budgets/of-top")
        .then()
        .statusCode(201);
    callsOnce("self_run_chain");
    ApiToken token = installSelf();
    trigger("top", "first", Map.of()).then().statusCode(201);
    long used = tokens(ended("top", "first")) + tokens(runs(), "[0].");
    assertEquals(List.of(1), runs().getList("depth"));
    assertEquals(used, spent("of-top"));
    // What somebody else says counts for nothing.
    for (String reference : List.of("", "!", "AAAA", "A".repeat(100_000))) {
      Map<String, Object> meta = new HashMap<>(chat.meta());
      meta.put(DEPTH, 0);
      meta.put(RUN, reference);
      chat.request("tools/call", Map.of("name", "run_chain", "arguments", Map.of()), meta)
          .post(chat.path())
          .then()
          .statusCode(200);
    }
    assertEquals(5, runs().getList("depth").size());
    assertEquals(used, spent("of-top"));
    api().delete(PROFILE + "/budgets/of-top").then().statusCode(204);
    api().delete(TASKS + "/top?force=true").then().statusCode(204);
    api().delete("/api/tokens/" + token.id()).then().statusCode(204);
  }

  @ParameterizedTest
  @ValueSource(strings = {"runner", "viewer", "nobody"})
  void aChainCountsInOtherProfilesForThoseWhoMayStartRunsInTheFirst(String role) throws Exception {
    String name = "chain-" + UUID.randomUUID();
    OtherUser user = OtherUser.named(name, database);
    String theirs = "/api/profiles/" + name + "/default";
    user.register("far", "Go on", model);
    boolean mayRun = role.equals("runner");
    if (!role.equals("nobody")) {
      api().body(Map.of("role", role)).put(PROFILE + "/members/" + name).then().statusCode(201);
    }
    api()
        .body("{\"period\": \"run\", \"tokens\": 10000000}")
        .put(PROFILE + "/budgets/of-tree")
        .then()
        .statusCode(201);
    callsOnce("far_run_far");
    ApiToken token = ApiToken.make(user.api(), List.of("read", "run"), Map.of());
    install(
        "far", own + "/" + name + "/default", Map.of("Authorization", "Bearer " + token.text()));
    trigger("chain", "first", Map.of()).then().statusCode(201);
    long used = tokens(ended("chain", "first"));
    JsonPath far = user.api().get(theirs + "/tasks/far/runs").jsonPath();
    assertEquals(List.of(1), far.getList("depth"), far.prettify());
    long all = used + tokens(far, "[0].");
    assertEquals(mayRun ? all : used, spentOfTrees("of-tree"));
    assertTrue(all > used);
    api().delete(PROFILE + "/budgets/of-tree").then().statusCode(204);
    api().delete(PROFILE + "/members/" + name);
    api().delete(INSTALLATIONS + "/far");
  }

  private void callsOnce(String tool) {
    model.script(
        request -> model.requests().size() == 1 ? call("a", tool, "{}") : say("I am through."));
  }

  private static long tokens(JsonPath run) {
    return tokens(run, "");
  }

  private static long tokens(JsonPath runs, String at) {
    return runs.getLong(at + "usage.total_tokens");
  }

  private static long spent(String budget) {
    return api().get(PROFILE + "/budgets/" + budget).jsonPath().getLong("spent.tokens");
  }

  private long spentOfTrees(String budget) throws SQLException {
    try (Connection connection = database.getConnection();
        PreparedStatement sum =
            connection.prepareStatement(
                """
                SELECT sum(spent_tokens) FROM budget_use JOIN budget ON budget.id = budget_id
                WHERE name = ?
                """)) {
      sum.setString(1, budget);
      try (ResultSet found = sum.executeQuery()) {
        found.next();
        return found.getLong(1);
      }
    }
  }

  @Test
  void aScheduleThatARunMakesIsAsDeepAsTheRun() {
    model.script(
        request ->
            request.size() == 1
                ? call("a", "self_schedule_task", yearly("of-the-run"))
                : say(request.lastMessage().path("content").asText()));
    ApiToken token = installSelf();
    trigger("chain", "first", Map.of()).then().statusCode(201);
    assertEquals("ready", ended("chain", "first").getString("status"));
    api().post(TASKS + "/chain/schedules/of-the-run/run").then().statusCode(lessThan(300));
    assertEquals(List.of(1, 0), runs().getList("depth"));
    api().delete("/api/tokens/" + token.id()).then().statusCode(204);
  }

  @Test
  void aScheduleOfAPersonIsReplacedByNoRunAndNoneIsMadeTooDeep() {
    chat.call("schedule_task", new JsonPath(yearly("mine")).getMap("$"));
    Map<String, ?> daily = Map.of("task", "chain", "schedule", "mine", "every", "PT24H");
    assertRefused(deep(chat, "schedule_task", daily, 0), "may not replace it");
    assertRefused(
        deep(chat, "schedule_task", new JsonPath(yearly("deep")).getMap("$"), 5), TOO_DEEP);
    assertEquals(List.of("mine"), api().get(TASKS + "/chain/schedules").jsonPath().getList("name"));
    assertFalse(chat.call("schedule_task", daily).getBoolean("isError"));
  }

  @Test
  void aTaskOfTheProtocolIsOneRunDeeperThanItsCaller() {
    String id = deep(chat.withTasks(), "run_chain", Map.of(), 4).path("result.taskId");
    ended("chain", id.substring("chain/".length()));
    assertEquals(List.of(5), runs().getList("depth"));
    assertRefused(deep(chat.withTasks(), "run_chain", Map.of(), 5), TOO_DEEP);
    assertEquals(List.of(5), runs().getList("depth"));
  }

  @Test
  void runsThatAnInstalledToolStartsAreDeeper() {
    api()
        .body(Map.of("servlet_slug", "errand/tasks", "name", "tasks"))
        .post(INSTALLATIONS)
        .then()
        .statusCode(201);
    Map<String, ?> chain = Map.of("task", "chain");
    assertFalse((boolean) deep(chat, "tasks_run", chain, 4).path("result.isError"));
    assertEquals(List.of(5), runs().getList("depth"));
    assertRefused(deep(chat, "tasks_run", chain, 5), TOO_DEEP);
    assertFalse(chat.call("tasks_run", chain).getBoolean("isError"));
    assertEquals(List.of(0, 5), runs().getList("depth"));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void remoteServersGetTheDepthOfTheRunAndNothingAboutAPerson(boolean modern) {
    other.modern(modern).tools(tool("a", ""));
    install("other", other.url(), Map.of());
    model.script(
        request -> request.size() == 1 ? call("a", "other_a", "{}") : say("I am through."));
    trigger("chain", "first", Map.of()).then().statusCode(201);
    assertEquals("ready", ended("chain", "first").getString("status"));
    assertEquals(0, told().asInt(-1), told().toString());
    deep(chat, "other_a", Map.of(), 3).then().statusCode(200);
    assertEquals(3, told().asInt(-1), told().toString());
    chat.call("other_a", Map.of());
    assertTrue(told().isMissingNode(), told().toString());
    api().body("{}").post(INSTALLATIONS + "/other/tools/a").then().statusCode(200);
    assertTrue(told().isMissingNode(), told().toString());
    assertEquals(4, other.requests("tools/call").size());
  }

  @Test
  void aDepthThatIsNoneIsRefused() {
    for (Object wrong :
        List.of(
            "1",
            -1,
            1.5,
            1001,
            BigInteger.TWO.pow(64),
            1e300,
            true,
            List.of(1),
            NullNode.getInstance())) {
      deep(chat, "run_chain", Map.of(), wrong)
          .then()
          .body("error.code", equalTo(-32602))
          .body("error.message", containsString(DEPTH));
    }
    assertEquals(List.of(), runs().getList("$"));
    assertFalse(chat.call("run_chain", Map.of()).getBoolean("isError"));
    assertEquals(List.of(0), runs().getList("depth"));
  }

  @Test
  void aProfileThatHasItselfDoesNotGrowWithEachCheck() {
    ApiToken token = installSelf();
    String self = INSTALLATIONS + "/self";
    api().body("{\"settings\": {\"on_change\": \"accept\"}}").patch(self).then().statusCode(200);
    api().body("").post(self + "/refresh").then().statusCode(200);
    List<String> once = api().get(self).jsonPath().getList("servlet.meta.schema.tools.name");
    assertTrue(once.containsAll(List.of("run_chain", "self_run_chain")), once.toString());
    api().body("").post(self + "/refresh").then().statusCode(200);
    JsonPath twice = api().get(self).jsonPath();
    assertEquals(once, twice.getList("servlet.meta.schema.tools.name"));
    String why =
        "self_self_run_chain: the server gets it from a server that gets it from another one";
    assertTrue(twice.getList("mcp.left_out").contains(why), twice.prettify());
    api().delete("/api/tokens/" + token.id()).then().statusCode(204);
  }

  /** The depth that the server was told with the last call. */
  private JsonNode told() {
    return other.requests("tools/call").getLast().body().path("params").path("_meta").path(DEPTH);
  }

  private static void assertRefused(Response answer, String why) {
    assertTrue((boolean) answer.path("result.isError"), answer.asString());
    assertTrue(answer.asString().contains(why), answer.asString());
  }

  private static String yearly(String schedule) {
    return "{\"task\": \"chain\", \"schedule\": \"%s\", \"cron\": \"0 0 1 1 *\"}"
        .formatted(schedule);
  }

  /** Calls a tool as a run of that depth does. */
  private static Response deep(Chat by, String tool, Map<String, ?> arguments, Object depth) {
    Map<String, Object> meta = new HashMap<>(by.meta());
    meta.put(DEPTH, depth);
    return by.request("tools/call", Map.of("name", tool, "arguments", arguments), meta)
        .post(by.path());
  }

  /** The runs of the task, newest first. */
  private static JsonPath runs() {
    return api().get(TASKS + "/chain/runs").jsonPath();
  }

  /** Installs the service in its own profile. */
  private ApiToken installSelf() {
    ApiToken token = ApiToken.make(api(), List.of("read", "write", "run"), Map.of());
    install("self", own.toString(), Map.of("Authorization", "Bearer " + token.text()));
    return token;
  }

  private static void install(String name, String url, Map<String, String> headers) {
    api()
        .body(Map.of("name", name, "mcp", Map.of("url", url, "headers", headers)))
        .post(INSTALLATIONS)
        .then()
        .statusCode(201);
  }
}
