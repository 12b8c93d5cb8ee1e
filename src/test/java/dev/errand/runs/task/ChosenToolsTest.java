package dev.errand.runs.task;

import static dev.errand.support.Api.api;
import static dev.errand.support.Api.problem;
import static dev.errand.support.ScriptedMcp.text;
import static dev.errand.support.ScriptedMcp.tool;
import static dev.errand.support.ScriptedModel.call;
import static dev.errand.support.ScriptedModel.say;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.base.database.Sql;
import dev.errand.support.Api;
import dev.errand.support.Eventually;
import dev.errand.support.ScriptedMcp;
import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import dev.errand.tools.install.ProfileToolbox;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tasks that get some of the tools of their profile. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class ChosenToolsTest {
  private static final String PROFILE = "/api/profiles/~/chosen";
  private static final String TASK = PROFILE + "/tasks/digest";
  private static final String CHAT = PROFILE + "/installations/chat";

  @Inject ProfileToolbox toolboxes;
  @Inject Sql sql;

  private final ScriptedMcp server = new ScriptedMcp();
  private final ScriptedModel model = new ScriptedModel();

  @BeforeEach
  void aServer() {
    api().body("{}").post(PROFILE).then().statusCode(201);
    server.tools(tool("post", "Posts"), tool("get-env", "Returns all environment variables"));
    server.calls(request -> text("called " + request.body().at("/params/name").asText()));
    install("");
    model.script(request -> say("Fine."));
  }

  @AfterEach
  void tidyUp() {
    api().delete(PROFILE + "?force=true").then().statusCode(204);
    server.close();
    model.close();
  }

  private void install(String more) {
    api()
        .body("{\"name\": \"chat\", \"mcp\": {\"url\": \"%s\"}%s}".formatted(server.url(), more))
        .post(PROFILE + "/installations")
        .then()
        .statusCode(201);
  }

  private Response register(Map<String, Object> settings) {
    Map<String, Object> all = new HashMap<>(settings);
    all.put("key", "sk-a-key-for-tests-1234");
    return api().body(Api.task("Hello", model.url(), all)).put(TASK);
  }

  private static JsonPath ended(String run) {
    Eventually.await(
        "the end of " + run,
        Duration.ofMinutes(1),
        () -> read(run).getString("status").matches("ready|error"));
    return read(run);
  }

  private static JsonPath read(String run) {
    return api().get(TASK + "/runs/" + run + "?include=results").jsonPath();
  }

  private static void start(String run) {
    api().body(Map.of()).put(TASK + "/runs/" + run).then().statusCode(201);
  }

  private List<String> offered(String run) {
    int before = model.requests().size();
    start(run);
    JsonPath end = ended(run);
    assertEquals("ready", end.getString("status"), end.prettify());
    return model
        .requests()
        .get(before)
        .body()
        .path("tools")
        .valueStream()
        .map(tool -> tool.at("/function/name").asText())
        .toList();
  }

  @Test
  void aRunIsOfferedTheToolsThatItsTaskNames() {
    register(Map.of()).then().statusCode(201).body("settings.tools", nullValue());
    assertEquals(List.of("chat_get-env", "chat_post"), offered("all"));
    register(Map.of("tools", List.of("chat_post", "chat_post")))
        .then()
        .statusCode(200)
        .body("settings.tools", contains("chat_post"))
        .body("warnings", nullValue());
    assertEquals(List.of("chat_post"), offered("one"));
    api().get(TASK).then().body("settings.tools", contains("chat_post"));
    register(Map.of("tools", List.of())).then().statusCode(200).body("settings.tools", empty());
    assertEquals(List.of(), offered("none"));
    api()
        .body("{\"settings\": {\"tools\": null}}")
        .patch(TASK)
        .then()
        .statusCode(200)
        .body("settings.tools", nullValue());
    assertEquals(2, offered("again").size());
  }

  @Test
  void aToolThatWasNotChosenIsUnknownToItsModel() {
    register(Map.of("tools", List.of("chat_post"))).then().statusCode(201);
    model.script(request -> request.size() == 1 ? call("c", "chat_get-env", "{}") : say("Done."));
    start("r");
    JsonPath run = ended("r");
    assertEquals("ready", run.getString("status"), run.prettify());
    assertTrue(
        run.prettify().contains("There is no tool chat_get-env; there are: chat_post."),
        run.prettify());
    assertEquals(List.of(), server.requests("tools/call"));
  }

  @Test
  void aRunKeepsTheToolsOfItsStart() {
    register(Map.of("tools", List.of("chat_post"), "approvals", Map.of("chat_post", "always")))
        .then()
        .statusCode(201);
    model.script(request -> request.size() == 1 ? call("c", "chat_post", "{}") : say("Done."));
    startAndAwaitQuestion();
    api()
        .body(Map.of("settings", Map.of("tools", List.of("chat_get-env"))))
        .patch(TASK)
        .then()
        .statusCode(200);
    approve();
    JsonPath run = ended("r");
    assertTrue(run.prettify().contains("called post"), run.prettify());
  }

  @Test
  void anApprovedCallOfAChosenToolIsMadeUnderTheNewNameOfItsInstallation() {
    register(Map.of("tools", List.of("chat_post"), "approvals", Map.of("*", "always")))
        .then()
        .statusCode(201);
    model.script(request -> request.size() == 1 ? call("c", "chat_post", "{}") : say("Done."));
    startAndAwaitQuestion();
    api()
        .body(Map.of("settings", Map.of("tools", List.of("chat_post", "mail_post"))))
        .patch(TASK)
        .then()
        .statusCode(200);
    rename("chat", "mail").then().statusCode(200);
    approve();
    JsonPath run = ended("r");
    assertEquals("ready", run.getString("status"), run.prettify());
    assertTrue(run.prettify().contains("called post"), run.prettify());
    assertEquals(1, server.requests("tools/call").size());
  }

  @Test
  void aPreviewShowsTheChosenTools() {
    register(Map.of("tools", List.of("chat_post"))).then().statusCode(201);
    api()
        .body(Map.of())
        .post(TASK + "/preview")
        .then()
        .statusCode(200)
        .body("tools.name", contains("chat_post"));
  }

  @Test
  void aNameThatNoToolHasIsWarnedOf() {
    register(Map.of("tools", List.of("chat_post", "chat_gone", "Odd name")))
        .then()
        .statusCode(201)
        .body("warnings.code", contains("tools_unknown"))
        .body("warnings[0].message", containsString("names [chat_gone, Odd name]"));
    assertEquals(List.of("chat_post"), offered("r"));
    register(Map.of("tools", List.of("chat_no"), "approvals", Map.of("chat_none", "always")))
        .then()
        .statusCode(200)
        .body("warnings.code", contains("approvals_unknown", "tools_unknown"));
    for (Object wrong : List.of(List.of(""), List.of("a".repeat(129)), List.of(1, " "), "post")) {
      problem(register(Map.of("tools", wrong)), 400, "invalid_input")
          .then()
          .body("errors.field", hasItem(containsString("settings.tools")));
    }
  }

  @Test
  void aNameThatPassesToAToolOfAnotherInstallationChoosesNeither() {
    try (ScriptedMcp other = new ScriptedMcp()) {
      other.tools(tool("y", "Of the task"));
      install("chat_x", other);
      register(Map.of("tools", List.of("chat_x_y"))).then().statusCode(201);
      assertEquals(List.of("chat_x_y"), offered("before"));
      server.tools(tool("x_y", "Of another server"));
      accept();
      assertEquals(List.of(), offered("after"));
      api().body(Map.of()).post(TASK + "/preview").then().body("tools", empty());
      List<String> choices = choices();
      choices.forEach(name -> assertTrue(name.matches("chat_x_y_[0-9a-f]{8}"), name));
      api()
          .get(TASK)
          .then()
          .body("warnings.code", contains("tools_unknown"))
          .body("warnings[0].message", containsString(String.join(", ", choices)));
      register(Map.of("tools", List.of(choices.getFirst()))).then().body("warnings", nullValue());
      assertEquals(List.of("chat_x_y"), offered("the-first"));
      model.script(request -> request.size() == 1 ? call("c", "chat_x_y", "{}") : say("Done."));
      start("call");
      JsonPath called = ended("call");
      assertTrue(called.prettify().contains("called x_y"), called.prettify());
      model.script(request -> say("Fine."));
      register(Map.of("tools", List.of(choices.getLast()))).then().body("warnings", nullValue());
      assertEquals(List.of(choices.getLast()), offered("the-second"));
    }
  }

  @Test
  void aRuleForANameThatToolsShareHoldsForEachOfThem() {
    try (ScriptedMcp other = new ScriptedMcp()) {
      other.tools(tool("y", "Ruled"));
      install("chat_x", other);
      server.tools(tool("x_y", "Of another server"));
      accept();
      register(Map.of("approvals", Map.of("chat_x_y", "always")))
          .then()
          .statusCode(201)
          .body("warnings", nullValue());
      for (String name : offered("names")) {
        model.script(request -> request.size() == 1 ? call("c", name, "{}") : say("Done."));
        start(name);
        Eventually.await(
            "a run that waits or ended",
            Duration.ofMinutes(1),
            () ->
                read(name).getString("waiting_for.kind") != null
                    || read(name).getString("status").matches("ready|error"));
        assertEquals("approval", read(name).getString("waiting_for.kind"), name);
      }
      assertEquals(List.of(), server.requests("tools/call"));
      assertEquals(List.of(), other.requests("tools/call"));
    }
  }

  private void startAndAwaitQuestion() {
    start("r");
    Eventually.await(
        "a run that waits",
        Duration.ofMinutes(1),
        () -> read("r").getString("waiting_for.kind") != null);
  }

  private void approve() {
    api()
        .body(Map.of("decision", "approve"))
        .post(PROFILE + "/approvals/" + read("r").getString("waiting_for.approvals[0]"))
        .then()
        .statusCode(200);
  }

  private List<String> choices() {
    return toolboxes
        .listed(
            sql.statement("SELECT id FROM profile WHERE name = 'chosen'").one(row -> row.id("id")))
        .stream()
        .map(ProfileToolbox.ListedTool::name)
        .toList();
  }

  private static void accept() {
    api().body("{\"settings\": {\"on_change\": \"accept\"}}").patch(CHAT).then().statusCode(200);
    api().post(CHAT + "/refresh").then().statusCode(200);
  }

  private static void install(String name, ScriptedMcp server) {
    api()
        .body(Map.of("name", name, "mcp", Map.of("url", server.url())))
        .post(PROFILE + "/installations")
        .then()
        .statusCode(201);
  }

  @Test
  void aRenameOfAnInstallationChangesNoTasksTools() {
    register(Map.of("tools", List.of("chat_post"))).then().statusCode(201);
    problem(rename("chat", "talk"), 400, "invalid_input")
        .then()
        .body("errors[0].message", containsString("settings.tools of digest chooses tools"));
    // A name that nothing has would be that of a tool.
    register(Map.of("tools", List.of("talk_get-env"))).then().statusCode(200);
    problem(rename("chat", "talk"), 400, "invalid_input");
    register(Map.of("tools", List.of("chat_post", "talk_post"))).then().statusCode(200);
    rename("chat", "talk").then().statusCode(200);
    assertEquals(List.of("talk_post"), offered("r"));
    register(Map.of("tools", List.of())).then().statusCode(200);
    rename("talk", "chat").then().statusCode(200);
  }

  private static Response rename(String from, String to) {
    return api().body(Map.of("name", to)).patch(PROFILE + "/installations/" + from);
  }

  @Test
  void onlyTheToolsThatAnInstallationEnablesAreOn() {
    register(Map.of()).then().statusCode(201);
    api().get(CHAT).then().body("enabled_tools", contains("*"));
    api().delete(CHAT).then().statusCode(204);
    problem(
        api()
            .body(
                "{\"name\": \"chat\", \"enabled_tools\": [\"nothing\"], \"mcp\": {\"url\": \"%s\"}}"
                    .formatted(server.url()))
            .post(PROFILE + "/installations"),
        400,
        "invalid_input");
    install(", \"enabled_tools\": []");
    api().get(CHAT).then().body("enabled_tools", empty());
    assertEquals(List.of(), offered("none"));
    api()
        .body("{\"enabled_tools\": [\"post\"]}")
        .patch(CHAT)
        .then()
        .statusCode(200)
        .body("enabled_tools", contains("post"));
    assertEquals(List.of("chat_post"), offered("one"));
    String before = api().get(CHAT).asString();
    api().body(before).put(CHAT).then().statusCode(200).body("enabled_tools", contains("post"));
    api().body("{\"disabled_tools\": [\"post\"]}").patch(CHAT).then().statusCode(200);
    assertEquals(List.of(), offered("off"));
    api().body("{\"enabled_tools\": [\"*\"], \"disabled_tools\": []}").patch(CHAT);
    api().get(CHAT).then().body("enabled_tools", contains("*"));
    assertEquals(2, offered("all").size());
  }

  @Test
  void aToolThatAServerAddsLaterIsOffWhereToolsWereChosen() {
    register(Map.of()).then().statusCode(201);
    api()
        .body("{\"enabled_tools\": [\"post\"], \"settings\": {\"on_change\": \"accept\"}}")
        .patch(CHAT)
        .then()
        .statusCode(200);
    server.tools(tool("post", "Posts"), tool("added", "New"));
    api().post(CHAT + "/refresh").then().statusCode(200);
    api().get(CHAT).then().body("servlet.meta.schema.tools.name", hasItem("added"));
    assertEquals(List.of("chat_post"), offered("r"));
    api()
        .body(Map.of())
        .post(CHAT + "/tools/added")
        .then()
        .statusCode(200)
        .body("isError", equalTo(true))
        .body("content[0].text", containsString("is switched off"));
  }
}
