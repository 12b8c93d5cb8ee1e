package dev.errand.runs.lifecycle;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.ended;
import static dev.errand.support.Api.problem;
import static dev.errand.support.Api.register;
import static dev.errand.support.Api.trigger;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("lambda")
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class RunNameTest {
  private final ScriptedModel model = new ScriptedModel();

  @BeforeEach
  void aTask() {
    register("runs", "Say {{@payload}}", model);
  }

  @AfterEach
  void stop() {
    api().delete(TASKS + "/runs?force=true").then().statusCode(204);
    model.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "not json",
        "[]",
        "{\"parameters\":5}",
        "{\"other\":1}",
        "{\"parameters\":{}}"
      })
  void aKnownNameStartsNothingForAnyBody(String body) {
    trigger("runs", "known", Map.of("a", 1)).then().statusCode(201);

    api()
        .body(body)
        .put(TASKS + "/runs/runs/known")
        .then()
        .statusCode(200)
        .header("Location", nullValue())
        .body("name", equalTo("known"))
        .body("parameters.a", equalTo(1));
    ended("runs", "known");
    assertEquals(1, model.requests().size());
  }

  @Test
  void fiftyTriggersOfOneNameStartOneRun() throws Exception {
    List<Integer> statuses = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Response>> answers = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        answers.add(threads.submit(() -> trigger("runs", "race", Map.of())));
      }
      for (Future<Response> answer : answers) {
        statuses.add(answer.get().statusCode());
      }
    }
    ended("runs", "race");

    assertEquals(1, Collections.frequency(statuses, 201), statuses.toString());
    assertEquals(49, Collections.frequency(statuses, 200), statuses.toString());
    assertEquals(1, model.requests().size());
    api().get(TASKS + "/runs/runs").then().body("$", hasSize(1));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a b",
        "100%",
        "%2F",
        "a+b",
        "ünï-cødé",
        "名前 🎉",
        "a;b=c",
        "a?b#c",
        "{name}",
        "~",
        "...",
        "a\\b",
        "\"quoted\"",
        "a:b",
        "a,b",
        "a&b=c",
        "e\u0301",
        "\u2028",
        "\u200b",
        "\ufeff",
        "\u00ad",
        "\u00a0",
        "\ue000",
        "\u0378",
      })
  void aNameReadsAsItWasGiven(String name) {
    String encoded = URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");

    Response started = trigger("runs", encoded, Map.of());
    started.then().statusCode(201).body("name", equalTo(name));
    String location = started.header("Location");
    assertEquals(location, started.jsonPath().getString("url"));
    api().get(location).then().statusCode(200).body("name", equalTo(name));
    trigger("runs", encoded, Map.of()).then().statusCode(200);
    api().get(TASKS + "/runs/runs").then().body("url", equalTo(List.of(location)));
  }

  @Test
  void aNameMayHave255CharactersAndNotOneMore() {
    trigger("runs", "n".repeat(255), Map.of()).then().statusCode(201);
    String wide = URLEncoder.encode("🎉".repeat(255), StandardCharsets.UTF_8);
    trigger("runs", wide, Map.of()).then().statusCode(201);
    problem(trigger("runs", "n".repeat(256), Map.of()), 400, "invalid_input");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a@b",
        "@",
        "%40",
        "a%2Fb",
        "a%00b",
        "a%0Ab",
        "%7F",
        "%C2%85",
        "%1F",
        "a%E2%80%AEb"
      })
  void aNameThatIsNotAllowedIsRefused(String encoded) {
    problem(trigger("runs", encoded, Map.of()), 400, "invalid_input");
    problem(api().get(TASKS + "/runs/runs/" + encoded), 404, "run_not_found");
  }

  @ParameterizedTest
  @ValueSource(strings = {"job;1", "%ff", "%ED%A0%80"})
  void aNameThatWouldBecomeAnotherIsRefused(String written) {
    api()
        .body("{}")
        .put(TASKS + "/runs/runs/" + written)
        .then()
        .statusCode(400)
        .body("code", equalTo("invalid_input"));
  }

  @Test
  void theRefusalOfASemicolonSaysHowToWriteIt() {
    problem(api().get(TASKS + "/runs/runs/job;1"), 400, "invalid_input")
        .then()
        .body("detail", containsString("percent-encoded, as %3B."));
  }
}
