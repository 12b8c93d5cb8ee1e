package dev.errand.runs.task;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.ended;
import static dev.errand.support.Api.problem;
import static dev.errand.support.Api.register;
import static dev.errand.support.Api.trigger;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.matchesPattern;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("lambda")
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class TaskApiTest {
  private static final String TIME = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z";
  private static final String KEY = "sk-a-key-for-tests-1234";

  private final ScriptedModel model = new ScriptedModel();

  @AfterEach
  void stop() {
    for (String name : api().get(TASKS).jsonPath().<String>getList("name")) {
      api().delete(TASKS + "/" + name + "?force=true").then().statusCode(204);
    }
    model.close();
  }

  @Test
  void aTaskReadsAsItWasPut() {
    Response put =
        api()
            .body(
                """
                {"runner": "openai",
                 "openai": {"prompt": "Read `{{url}}`", "model": "gpt-4o", "temperature": 0.2,
                            "base_url": "%s"},
                 "settings": {"key": "%s", "timeout": "PT5M", "max_steps": 7, "max_cost_usd": 0.25}}
                """
                    .formatted(model.url(), KEY))
            .put(TASKS + "/shape");
    put.then().statusCode(201);
    Map<String, Object> task = api().get(TASKS + "/shape").jsonPath().getMap("$");

    assertEquals(put.jsonPath().getMap("$"), task);
    assertEquals(
        Set.of("name", "runner", "enabled", "openai", "settings", "created_at", "modified_at"),
        task.keySet());
    assertEquals(
        Map.of(
            "prompt",
            "Read `{{url}}`",
            "model",
            "gpt-4o",
            "temperature",
            0.2f,
            "base_url",
            model.url()),
        task.get("openai"));
    assertEquals(
        Map.of(
            "key_hint",
            "…1234",
            "timeout",
            "PT5M",
            "max_steps",
            7,
            "max_tokens",
            200000,
            "max_cost_usd",
            0.25f,
            "max_tool_calls",
            50,
            "max_attempts",
            3,
            "concurrency",
            4,
            "overlap",
            "queue",
            "callbacks",
            List.of()),
        task.get("settings"));
    api()
        .get(TASKS + "/shape")
        .then()
        .body("enabled", equalTo(true))
        .body("created_at", matchesPattern(TIME))
        .body("modified_at", matchesPattern(TIME));
    api().get(TASKS).then().statusCode(200).body("", hasItem(task));
  }

  @Test
  void aSecondPutReplacesEverythingButTheKey() {
    register("again", "First {{a}}", model, Map.of("key", KEY, "max_steps", 3))
        .then()
        .statusCode(201);
    register("again", "Second", model, Map.of())
        .then()
        .statusCode(200)
        .body("openai.prompt", equalTo("Second"))
        .body("settings.max_steps", equalTo(20))
        .body("settings.key_hint", equalTo("…1234"));
    trigger("again", "r", Map.of()).then().statusCode(201);
    ended("again", "r");
    register("again", "Third", model, Map.of("key", "sk-another-key-of-tests-5678"));
    trigger("again", "s", Map.of());
    ended("again", "s");

    assertEquals("Bearer " + KEY, model.requests().get(0).authorization());
    assertEquals("Bearer sk-another-key-of-tests-5678", model.requests().get(1).authorization());
  }

  @Test
  void aTaskThatIsNotKeptIsPreviewed() {
    String draft =
        "{\"task\": {\"runner\": \"openai\", \"openai\": {\"prompt\": \"Say {{ what }}\", \"model\": \"m\","
            + " \"base_url\": \"%s\"}}, \"parameters\": {\"what\": \"yes\"}}"
                .formatted(model.url());
    api()
        .body(draft)
        .post(TASKS + "/draft/preview")
        .then()
        .statusCode(200)
        .body("messages[0].content", equalTo("Say yes"))
        .body("key.present", equalTo(false))
        .body("request.url", equalTo(model.url() + "/chat/completions"));
    api().get(TASKS + "/draft").then().statusCode(404);
    api()
        .body(draft.replace("yes\"}", "yes\"}, \"schedule\": \"s\""))
        .post(TASKS + "/draft/preview")
        .then()
        .statusCode(400)
        .body("errors[0].message", equalTo("can't be combined with `task`"));
    // One that is kept lends its key, and stays as it is.
    register("kept", "Before", model);
    api()
        .body(draft)
        .post(TASKS + "/kept/preview")
        .then()
        .statusCode(200)
        .body("messages[0].content", equalTo("Say yes"))
        .body("key.present", equalTo(true));
    api().get(TASKS + "/kept").then().body("openai.prompt", equalTo("Before"));
  }

  @Test
  void theKeyIsInNoAnswer() {
    List<Response> answers = new ArrayList<>();
    answers.add(register("quiet", "Hello", model));
    answers.add(register("quiet", "Hello", model));
    answers.add(api().get(TASKS + "/quiet"));
    answers.add(api().get(TASKS));
    answers.add(api().body("{}").post(TASKS + "/quiet/preview"));
    answers.add(trigger("quiet", "r", Map.of()));
    ended("quiet", "r");
    answers.add(api().get(TASKS + "/quiet/runs/r"));
    answers.add(api().get(TASKS + "/quiet/runs?include=results"));
    answers.add(register("quiet", "Hello", model, Map.of("key", KEY, "none", 1)));
    answers.add(register("quiet", "Hello", model, Map.of("key", KEY + " " + KEY)));
    answers.add(api().body("{\"settings\":{\"key\":\"" + KEY + "\",}}").put(TASKS + "/quiet"));
    answers.add(api().body("{\"settings\":\"" + KEY + "\"}").put(TASKS + "/quiet"));

    for (Response answer : answers) {
      assertFalse(answer.asString().contains(KEY), answer::asString);
    }
  }

  @Test
  void aNewTaskWantsAKey() {
    problem(register("keyless", "Hello", model, Map.of()), 400, "key_required");
    problem(api().get(TASKS + "/keyless"), 404, "task_not_found");
  }

  @Test
  void aNameMayHave128CharactersAndNotOneMore() {
    String name = "~.-_aZ09" + "n".repeat(120);

    register(name, "Hello", model).then().statusCode(201).body("name", equalTo(name));
    api().get(TASKS + "/" + name).then().statusCode(200);
    register("~", "Hello", model).then().statusCode(201);
    register("...", "Hello", model).then().statusCode(201);
    problem(register(name + "n", "Hello", model), 400, "invalid_input");
  }

  @Test
  void manyPutsOfOneNameMakeOneTask() throws Exception {
    List<Integer> statuses = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Response>> answers = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        answers.add(threads.submit(() -> register("race", "Hello", model)));
      }
      for (Future<Response> answer : answers) {
        statuses.add(answer.get().statusCode());
      }
    }
    assertEquals(1, Collections.frequency(statuses, 201), statuses.toString());
    assertEquals(19, Collections.frequency(statuses, 200), statuses.toString());
  }
}
