package dev.errand.runs.history;

import static dev.errand.support.Api.NAMED_TASKS;
import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.ended;
import static dev.errand.support.Api.problem;
import static dev.errand.support.Api.register;
import static dev.errand.support.Api.trigger;
import static dev.errand.support.ScriptedModel.error;
import static dev.errand.support.ScriptedModel.say;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.net.URI;
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

/** Runs are listed in pages, each of which names the next one. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class RunListTest {
  private static final String RUNS = TASKS + "/paged/runs";
  private static final Pattern NEXT = Pattern.compile("<([^>]+)>; rel=\"next\"");

  @TestHTTPResource URI server;

  private final ScriptedModel model = new ScriptedModel();

  @BeforeEach
  void aTask() {
    register("paged", "{{ say }}", model);
  }

  @AfterEach
  void stop() {
    api().delete(TASKS + "/paged?force=true");
    model.close();
  }

  @Test
  void thePagesHaveEveryRunOnceAndTheNewestFirst() {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      names.addFirst("run " + i);
      run("run%20" + i, "hello");
    }
    List<List<String>> pages = new ArrayList<>();
    String address = server.resolve(RUNS + "?limit=3&include=results%2Coutput").toString();
    while (address != null) {
      Response page = api().get(address);
      pages.add(page.then().statusCode(200).extract().jsonPath().getList("name"));
      assertEquals(2, page.jsonPath().getList("[0].results").size(), "the address keeps the rest");
      address = next(page);
      assertTrue(
          address == null
              || (address.startsWith(server.resolve(NAMED_TASKS + "/paged/runs").toString())
                  && address.contains("include=results%2Coutput")),
          address);
    }
    assertEquals(List.of(3, 3, 1), pages.stream().map(List::size).toList());
    assertEquals(names, pages.stream().flatMap(List::stream).toList());

    Response whole = api().get(RUNS + "?limit=7");
    assertEquals(names, whole.jsonPath().getList("name"));
    assertEquals(null, next(whole), "a page that has all has no next one");
  }

  @Test
  void aListMayBeOfSomeStatusesOnly() {
    model.script(
        request ->
            request.lastMessage().path("content").asText().equals("fail")
                ? error(401, "invalid_api_key", "No.")
                : say("Yes."));
    run("good-1", "hello");
    run("bad-1", "fail");
    run("good-2", "hello");
    run("bad-2", "fail");

    assertEquals(List.of("good-2", "good-1"), names("?status=ready"));
    assertEquals(List.of("bad-2", "bad-1"), names("?status=error"));
    assertEquals(List.of(), names("?status=pending,running"));
    List<String> all = List.of("bad-2", "good-2", "bad-1", "good-1");
    assertEquals(all, names(""));
    assertEquals(all, names("?status=ready,error"));
    assertEquals(all, names("?status=error&status=ready"));
    Response page = api().get(RUNS + "?status=error&limit=1");
    assertEquals(List.of("bad-2"), page.jsonPath().getList("name"));
    Response rest = api().get(String.valueOf(next(page)));
    assertEquals(List.of("bad-1"), rest.jsonPath().getList("name"));
    assertEquals(null, next(rest));
  }

  @Test
  void aListWithResultsIsCutWhereItWouldBeTooLarge() {
    String large = "x".repeat(5_000_000);
    model.script(request -> say(large));
    for (String name : List.of("one", "two", "three")) {
      run(name, "hello");
    }
    Response first = api().get(RUNS + "?include=results");
    assertEquals(List.of("three"), first.jsonPath().getList("name"));
    assertEquals(large, first.jsonPath().getString("[0].results[1].lastMessage.content"));
    Response second = api().get(String.valueOf(next(first)));
    assertEquals(List.of("two"), second.jsonPath().getList("name"));
    assertEquals(List.of("three", "two", "one"), names("?limit=3"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"done", "READY", "ready,", "ready,done", "ready;error"})
  void aStatusThatIsNoneIsRefused(String status) {
    problem(
            api().get(RUNS + "?status=ready&status=" + status.replace(";", "%3B")),
            400,
            "invalid_input")
        .then()
        .body("errors[0].field", equalTo("status"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"x", "*", "17", "cnVuOg", "cnVuOi0x", "cnVuOjE3MTcxNzE3MTcxNzE3MTcxNzE3MTc"})
  void aCursorThatIsNoneIsRefused(String cursor) {
    problem(api().get(RUNS + "?cursor=" + cursor), 400, "invalid_input")
        .then()
        .body("errors[0].field", equalTo("cursor"));
  }

  private static void run(String name, String say) {
    trigger("paged", name, Map.of("say", say)).then().statusCode(201);
    ended("paged", name);
  }

  private static List<String> names(String query) {
    return api().get(RUNS + query).then().statusCode(200).extract().jsonPath().getList("name");
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
