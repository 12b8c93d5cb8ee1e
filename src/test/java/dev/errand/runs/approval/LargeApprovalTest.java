package dev.errand.runs.approval;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.ended;
import static dev.errand.support.Api.problem;
import static dev.errand.support.Api.register;
import static dev.errand.support.Api.trigger;
import static dev.errand.support.ScriptedModel.call;
import static dev.errand.support.ScriptedModel.say;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.base.limit.BoundedPages;
import dev.errand.base.limit.ReadBudget;
import dev.errand.support.Eventually;
import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Lists and pages of tool calls that wait are bounded in bytes, however long their arguments. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class LargeApprovalTest {
  private static final String TASK = TASKS + "/wordy";
  private static final String APPROVALS = "/api/profiles/~/default/approvals";
  private static final String CONSOLE = "/console/~/default";
  private static final Pattern NEXT = Pattern.compile("<([^>]+)>; rel=\"next\"");
  private static final String LONG = "1+".repeat(1_500_000) + "1";
  private static final int LARGEST_PAGE = 400_000;

  @Inject ReadBudget budget;
  @Inject DataSource database;

  private final ScriptedModel model = new ScriptedModel();

  @BeforeEach
  void aTask() {
    register(
        "wordy",
        "Hello",
        model,
        Map.of("key", "sk-a-key-for-tests-1234", "approvals", Map.of("calc_calculate", "always")));
    asks(LONG);
  }

  @AfterEach
  void stop() {
    api().delete(TASK + "?force=true").then().statusCode(204);
    model.close();
  }

  @Test
  void longArgumentsAreLeftOutOfListsAndTheirSizeSaid() {
    String id = start("long");
    asks("1+1");
    String small = start("short");
    for (String list : List.of(APPROVALS, APPROVALS + "?status=open")) {
      JsonPath found = api().get(list).then().statusCode(200).extract().jsonPath();
      int first = found.getList("id").indexOf(id);
      int second = found.getList("id").indexOf(small);
      assertNull(found.get("[" + first + "].arguments"));
      assertEquals(LONG.length() + 17, found.getInt("[" + first + "].arguments_bytes"));
      assertEquals("1+1", found.getString("[" + second + "].arguments.expression"));
      assertNull(found.get("[" + second + "].arguments_bytes"));
    }
    JsonPath whole = api().get(APPROVALS + "?run=wordy/long&include=arguments").jsonPath();
    assertTrue(LONG.equals(whole.getString("[0].arguments.expression")), "the whole");
    JsonPath one = api().get(APPROVALS + "/" + id).jsonPath();
    assertTrue(LONG.equals(one.getString("arguments.expression")), "the whole");
    assertNull(one.get("arguments_bytes"));
    problem(api().get(APPROVALS + "?include=all"), 400, "invalid_input")
        .then()
        .body("errors[0].field", equalTo("include"));
  }

  @Test
  void aPageEndsBeforeItGetsTooLarge() {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      ids.add(start("run-" + i));
    }
    List<String> found = new ArrayList<>();
    int pages = 0;
    String address = APPROVALS + "?status=open&include=arguments";
    while (address != null) {
      Response page = api().get(address);
      page.then().statusCode(200);
      assertTrue(page.asByteArray().length < BoundedPages.MOST_BYTES + 100_000, "bounded");
      found.addAll(page.jsonPath().getList("findAll { it.task == 'wordy' }.id"));
      pages++;
      address = next(page);
    }
    assertEquals(ids, found);
    assertTrue(pages > 1, "more than a page");
    Eventually.await("nothing is held", () -> budget.used() == 0);
  }

  @Test
  void pagesShowTheBeginning() {
    String id = start("paged");
    for (String path : List.of("", "/approvals", "/approvals/" + id, "/tasks/wordy/runs/paged")) {
      String page = page(path);
      assertTrue(path.isEmpty() || page.contains("1+1+1+"), path);
      assertTrue(page.length() < LARGEST_PAGE, path + " has " + page.length());
    }
    assertFalse(page("/approvals/" + id).contains("It has no arguments"), "it has some");
    assertTrue(page("/approvals/" + id).contains("Show all arguments"), "there are more");
    assertTrue(
        page("/approvals/" + id + "/arguments").equals("{\"expression\":\"" + LONG + "\"}"),
        "all of them");
  }

  @Test
  void whatAPersonGaveIsCutAsWell() throws SQLException {
    String edited = start("edited");
    decide(edited, Map.of("decision", "edit", "arguments", Map.of("expression", "2+2")));
    ended("wordy", "edited");
    // No bundled tool takes so much.
    String longer = "2+".repeat(80_000) + "2";
    try (Connection connection = database.getConnection();
        PreparedStatement statement =
            connection.prepareStatement("UPDATE approval SET given = ? WHERE id = ?::uuid")) {
      statement.setString(1, "{\"expression\":\"" + longer + "\"}");
      statement.setString(2, edited);
      assertEquals(1, statement.executeUpdate());
    }
    JsonPath list = api().get(APPROVALS + "?run=wordy/edited").jsonPath();
    assertEquals("edited", list.getString("[0].status"));
    assertNull(list.get("[0].changed"));
    assertEquals(longer.length() + 17, list.getInt("[0].changed_bytes"));
    assertTrue(
        longer.equals(
            api().get(APPROVALS + "/" + edited).jsonPath().getString("changed.expression")),
        "the whole");
    assertTrue(page("/approvals/" + edited).contains("2+2+2+"), "its beginning");
  }

  private void asks(String expression) {
    model.script(
        request ->
            request.size() == 1
                ? call("c", "calc_calculate", "{\"expression\":\"" + expression + "\"}")
                : say("It is done."));
  }

  private static String start(String name) {
    trigger("wordy", name, Map.of()).then().statusCode(201);
    Eventually.await(
        "a run that waits",
        Duration.ofSeconds(30),
        () -> newest().getString("waiting_for.kind") != null);
    return newest().getString("waiting_for.approvals[0]");
  }

  private static JsonPath newest() {
    return api().get(TASK + "/runs?limit=1").jsonPath().setRootPath("[0]");
  }

  private static void decide(String id, Map<String, Object> decision) {
    api().body(decision).post(APPROVALS + "/" + id).then().statusCode(200);
  }

  private static String page(String path) {
    return api().get(CONSOLE + path).then().statusCode(200).extract().asString();
  }

  private static @Nullable String next(Response page) {
    String link = page.header("Link");
    if (link == null) {
      return null;
    }
    Matcher next = NEXT.matcher(link);
    assertTrue(next.matches(), link);
    return next.group(1);
  }
}
