package dev.errand.runs.history;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.ended;
import static dev.errand.support.Api.problem;
import static dev.errand.support.Api.register;
import static dev.errand.support.Api.trigger;
import static dev.errand.support.ScriptedModel.say;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.junit.jupiter.api.Assertions.assertEquals;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lists of runs are bounded in bytes: long outputs are cut, and pages end early. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class LargeRunListTest {
  private static final String OF_TASK = TASKS + "/large/runs";
  private static final String OF_PROFILE = "/api/profiles/~/default/runs?task=large";
  private static final String OLDER = "/api/runs/~/default/large";
  private static final Pattern NEXT = Pattern.compile("<([^>]+)>; rel=\"next\"");
  private static final int LONG = 3_000_000;

  @Inject ReadBudget budget;

  private final ScriptedModel model = new ScriptedModel();

  @BeforeEach
  void aTask() {
    register("large", "Hello", model);
  }

  @AfterEach
  void stop() {
    api().delete(TASKS + "/large?force=true").then().statusCode(204);
    model.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {OF_TASK + "?limit=500", OF_PROFILE, OF_PROFILE + "&text=%C3%A4"})
  void aLongOutputIsCutAndItsSizeSaid(String list) {
    String output = "ä😀".repeat(LONG / 6);
    model.script(request -> say(output));
    run("long");
    model.script(request -> say("ä, and no more"));
    run("short");

    JsonPath runs = api().get(list).then().statusCode(200).extract().jsonPath();
    assertEquals(List.of("short", "long"), runs.getList("name"));
    assertEquals("ä, and no more", runs.getString("[0].output"));
    assertNull(runs.get("[0].output_bytes"));
    assertEquals(LONG, runs.getInt("[1].output_bytes"));
    String cut = runs.getString("[1].output");
    assertTrue(cut.length() > 16_384 && output.startsWith(cut), "the beginning: " + cut.length());

    JsonPath whole =
        api().get(list + "&include=output").then().statusCode(200).extract().jsonPath();
    // A search by text ends before what does not fit into its first part.
    int last = list.contains("text") ? 0 : 1;
    assertEquals(last, whole.getList("name").size() - 1);
    assertNull(whole.get("[" + last + "].output_bytes"));
    assertTrue(last == 0 || output.equals(whole.getString("[1].output")), "the whole");
    assertTrue(output.equals(ended("large", "long").getString("output")), "the run has all of it");
  }

  @Test
  void anOutputAtTheLimitIsWhole() {
    String output = "x".repeat(64 * 1024);
    model.script(request -> say(output));
    run("at");
    model.script(request -> say(output + "x"));
    run("above");
    JsonPath runs = api().get(OF_TASK).then().statusCode(200).extract().jsonPath();
    assertEquals(64 * 1024, runs.getString("[1].output").length());
    assertEquals(64 * 1024 + 1, runs.getInt("[0].output_bytes"));
    assertEquals(16 * 1024, runs.getString("[0].output").length());
  }

  @Test
  void aResultIsLeftOutWhereItsOutputIsCut() {
    api()
        .body("{\"settings\": {\"output_schema\": {\"type\": \"object\"}}}")
        .header("Content-Type", "application/merge-patch+json")
        .patch(TASKS + "/large")
        .then()
        .statusCode(200);
    model.script(request -> say("{\"said\": \"" + "x".repeat(100_000) + "\"}"));
    run("long");
    model.script(request -> say("{\"said\": \"x\"}"));
    run("short");
    for (String list : List.of(OF_TASK, OF_PROFILE)) {
      JsonPath runs = api().get(list).then().statusCode(200).extract().jsonPath();
      assertEquals("x", runs.getString("[0].result.said"));
      assertNull(runs.get("[1].result"));
      assertEquals(100_012, runs.getInt("[1].output_bytes"));
    }
    api()
        .get(OF_PROFILE + "&include=output")
        .then()
        .body("[1].result.said.length()", equalTo(100_000));
  }

  @ParameterizedTest
  @ValueSource(strings = {OF_TASK + "?", OF_PROFILE + "&", OF_PROFILE + "&text=x&"})
  void aPageEndsBeforeItGetsTooLarge(String list) {
    String output = "x".repeat(LONG);
    model.script(request -> say(output));
    List<String> names = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      names.addFirst("run-" + i);
      run("run-" + i);
    }
    List<String> found = new ArrayList<>();
    int pages = 0;
    String address = list + "include=output";
    while (address != null) {
      Response page = api().get(address);
      assertTrue(page.asByteArray().length < BoundedPages.MOST_BYTES + 100_000, "bounded");
      page.then().statusCode(200);
      List<String> outputs = page.jsonPath().getList("output");
      outputs.forEach(each -> assertTrue(output.equals(each), "the whole"));
      List<String> some = page.jsonPath().getList("name");
      found.addAll(some);
      pages++;
      address = next(page);
    }
    assertEquals(names, found, "each once, the newest first");
    assertTrue(pages > 1, "more than a page");
    Eventually.await("nothing is held", () -> budget.used() == 0);
  }

  @Test
  void anOlderClientGetsTheNewestRunsThatFit() {
    String output = "x".repeat(LONG);
    model.script(request -> say(output));
    for (int i = 0; i < 4; i++) {
      run("run-" + i);
    }
    JsonPath runs = api().get(OLDER).then().statusCode(200).extract().jsonPath();
    assertEquals(List.of("run-3", "run-2"), runs.getList("name"));
    assertTrue(output.equals(runs.getString("[0].output")), "the whole");
    assertTrue(
        output.equals(runs.getString("[0].results.last().lastMessage.content")), "the results");
  }

  @Test
  void onlyKnownPartsAreIncluded() {
    for (String list : List.of(OF_TASK + "?", OF_PROFILE + "&")) {
      problem(api().get(list + "include=outputs"), 400, "invalid_input")
          .then()
          .body("errors[0].field", equalTo("include"));
    }
    run("both");
    api()
        .get(OF_TASK + "?include=results,output")
        .then()
        .statusCode(200)
        .body("[0].results", hasSize(2));
  }

  private static void run(String name) {
    trigger("large", name, Map.of()).then().statusCode(201);
    assertEquals("ready", ended("large", name).getString("status"));
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
