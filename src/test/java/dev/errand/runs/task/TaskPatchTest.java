package dev.errand.runs.task;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.ended;
import static dev.errand.support.Api.problem;
import static dev.errand.support.Api.register;
import static dev.errand.support.Api.trigger;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class TaskPatchTest {
  private static final String TASK = TASKS + "/patched";
  private static final String KEY = "sk-a-key-for-tests-1234";

  private final ScriptedModel model = new ScriptedModel();

  @BeforeEach
  void aTask() {
    register(
            "patched",
            "Hello",
            model,
            Map.of(
                "key",
                KEY,
                "max_steps",
                7,
                "timeout",
                "PT1M",
                "callbacks",
                List.of(Map.of("url", model.url() + "/hook"))))
        .then()
        .statusCode(201);
  }

  @AfterEach
  void stop() {
    api().delete(TASK + "?force=true");
    model.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"application/json", "application/merge-patch+json"})
  void aPatchChangesOnlyTheFieldsThatItNames(String type) {
    String callbacks = api().get(TASK + "/callbacks").asString();
    patch(type, "{\"openai\": {\"temperature\": 0.5, \"seed\": null}, \"enabled\": false}")
        .statusCode(200)
        .body("openai.temperature", equalTo(0.5f))
        .body("enabled", equalTo(false));
    patch(
            type,
            """
            {"enabled": null, "openai": {"prompt": "Good bye", "temperature": null},
             "settings": {"max_steps": 9, "timeout": null}, "created_at": "passed over"}
            """)
        .statusCode(200)
        .body("enabled", equalTo(true))
        .body("openai.prompt", equalTo("Good bye"))
        .body("openai", not(hasKey("temperature")))
        .body("openai.base_url", equalTo(model.url()))
        .body("settings.max_steps", equalTo(9))
        .body("settings.timeout", equalTo("PT10M"))
        .body("settings.callbacks", hasSize(1))
        .body("settings.callbacks[0]", not(hasKey("secret")))
        .body("settings.key_hint", equalTo("…1234"));
    assertEquals(callbacks, api().get(TASK + "/callbacks").asString());

    trigger("patched", "r", Map.of());
    ended("patched", "r");
    assertEquals("Bearer " + KEY, model.requests().getFirst().authorization());
  }

  @Test
  void theKeyAndTheCallbacksChangeWhereThePatchNamesThem() {
    patch("application/json", "{\"settings\": {\"key\": \"sk-another-key-of-tests-5678\"}}")
        .statusCode(200)
        .body("settings.key_hint", equalTo("…5678"))
        .body("settings.max_steps", equalTo(7));
    patch(
            "application/json",
            "{\"settings\": {\"callbacks\": [{\"url\": \"" + model.url() + "/other\"}]}}")
        .statusCode(200)
        .body("settings.callbacks", hasSize(1))
        .body("settings.callbacks[0]", hasKey("secret"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"colour\": \"red\"}|colour",
        "{\"openai\": {\"colour\": \"red\"}}|openai.colour",
        "{\"colour\": null}|colour",
        "{\"openai\": {\"colour\": null}}|openai.colour",
        "{\"settings\": {\"colour\": null}}|settings.colour",
        "{\"settings\": {\"max_steps\": \"9\"}}|settings.max_steps",
        "{\"settings\": {\"max_steps\": 0}}|settings.max_steps",
        "{\"settings\": {\"key\": null}}|settings.key",
        "{\"openai\": {\"prompt\": null}}|openai.prompt",
        "{\"openai\": null}|openai",
        "{\"openai\": 5}|openai",
        "{\"runner\": null}|runner",
        "[]|body",
        "5|body",
        "null|body",
      })
  void theResultOfAPatchIsCheckedLikeAPut(String patch, String field) {
    String before = api().get(TASK).asString();
    problem(api().body(patch).patch(TASK), 400, "invalid_input")
        .then()
        .body("errors[0].field", equalTo(field))
        .body("detail", containsString(field));
    assertEquals(before, api().get(TASK).asString());
  }

  @Test
  void missingTasksAreNotPatched() {
    problem(api().body("{}").patch(TASKS + "/absent"), 404, "task_not_found");
    problem(api().body("{").patch(TASK), 400, "malformed_json");
    problem(api().contentType("text/plain").body("{}").patch(TASK), 415, "unsupported_media_type")
        .then()
        .body("detail", containsString("application/merge-patch+json"))
        .body("detail", not(containsString("wasm")));
    problem(
            api().contentType("application/x-www-form-urlencoded").post(TASK + "/preview"),
            415,
            "unsupported_media_type")
        .then()
        .body("detail", containsString("application/json"))
        .body("detail", not(containsString("wasm")));
  }

  @Test
  void patchesAtTheSameTimeDoNotUndoEachOther() throws Exception {
    List<String> fields =
        List.of("max_steps", "max_tokens", "max_tool_calls", "max_attempts", "concurrency");
    try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int value = 10; value < 15; value++) {
        int now = value;
        CountDownLatch begin = new CountDownLatch(1);
        List<Future<Integer>> answers = new ArrayList<>();
        for (String field : fields) {
          answers.add(
              clients.submit(
                  () -> {
                    begin.await();
                    return api()
                        .body(Map.of("settings", Map.of(field, now)))
                        .patch(TASK)
                        .statusCode();
                  }));
        }
        begin.countDown();
        for (Future<Integer> answer : answers) {
          assertEquals(200, answer.get());
        }
        Map<String, Object> settings = api().get(TASK).jsonPath().getMap("settings");
        fields.forEach(field -> assertEquals(now, settings.get(field), field));
      }
    }
  }

  private static ValidatableResponse patch(String type, String patch) {
    return api().contentType(type).body(patch).patch(TASK).then();
  }
}
