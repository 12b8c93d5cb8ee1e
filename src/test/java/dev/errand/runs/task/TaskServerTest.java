package dev.errand.runs.task;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.problem;
import static dev.errand.support.Api.register;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import dev.errand.support.HostedService;
import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A task's key goes to no other server than the one that it was sent with. */
@QuarkusTest
@TestProfile(HostedService.class)
@QuarkusTestResource(TestDatabase.class)
class TaskServerTest {
  private static final String TASK = TASKS + "/moved";
  private static final String KEY = "sk-a-key-that-stays-at-home-1234";

  private final ScriptedModel model = new ScriptedModel();

  @BeforeEach
  void aTask() {
    register("moved", "Hello", model, Map.of("key", KEY)).then().statusCode(201);
  }

  @AfterEach
  void stop() {
    api().delete(TASK + "?force=true");
    model.close();
  }

  private static String task(String more) {
    return "{\"runner\": \"openai\", \"openai\": {\"prompt\": \"p\", \"model\": \"m\""
        + more
        + "}}";
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ", \"base_url\": \"http://localhost:%s/v1\"",
        ", \"base_url\": \"https://127.0.0.1:%s/v1\"",
        ", \"base_url\": \"http://127.0.0.1/v1\"",
        ", \"base_url\": \"http://127.0.0.1:11/v1\""
      })
  void anotherServerWantsAKeyOfItsOwn(String server) {
    String port = model.url().replaceAll(".*:(\\d+)/v1", "$1");
    problem(api().body(task(server.formatted(port))).put(TASK), 400, "key_required")
        .then()
        .body("errors[0].field", equalTo("settings.key"))
        .body("detail", allOf(containsString("127.0.0.1"), not(containsString(KEY))));
    api().get(TASK).then().body("openai.base_url", equalTo(model.url()));
  }

  @Test
  void aPatchMovesNoKeyEither() {
    problem(api().body("{\"openai\": {\"base_url\": null}}").patch(TASK), 400, "key_required");
    problem(
        api().body("{\"openai\": {\"base_url\": \"http://localhost/v1\"}}").patch(TASK),
        400,
        "key_required");
    api()
        .body(
            "{\"openai\": {\"base_url\": null}, \"settings\": {\"key\": \"sk-a-key-for-the-other-5678\"}}")
        .patch(TASK)
        .then()
        .statusCode(200)
        .body("openai.base_url", equalTo(HostedService.CONFIGURED))
        .body("settings.key_hint", equalTo("…5678"));
  }

  @Test
  void theSameServerKeepsTheKey() {
    String server = model.url().replace("http://", "HTTP://");
    api()
        .body(task(", \"base_url\": \"" + server + "/beta/\""))
        .put(TASK)
        .then()
        .statusCode(200)
        .body("settings.key_hint", equalTo("…1234"));
    api()
        .body(
            task(
                ", \"base_url\": \""
                    + HostedService.CONFIGURED
                    + "\"}, \"settings\": {\"key\": \"k\""))
        .put(TASK)
        .then()
        .statusCode(200);
    assertTheKeyOpens();
    // The same server by another name: that of the operator, whichever it is.
    api().body(task("")).put(TASK).then().statusCode(200);
    assertTheKeyOpens();
    api()
        .body("{\"openai\": {\"base_url\": \"" + HostedService.CONFIGURED + "/beta\"}}")
        .patch(TASK)
        .then()
        .statusCode(200)
        .body("openai.base_url", equalTo(HostedService.CONFIGURED + "/beta"));
    assertTheKeyOpens();
  }

  private static void assertTheKeyOpens() {
    api()
        .body("{}")
        .post(TASK + "/preview")
        .then()
        .body("key", equalTo(Map.of("present", true, "opens", true)));
  }

  @ParameterizedTest
  @ValueSource(strings = {HostedService.KEYLESS, HostedService.KEYLESS_BY_FORMER_KEYS})
  void aServerWithoutKeysIsNotSentOne(String keyless) {
    api()
        .body(task(", \"base_url\": \"" + keyless + "\""))
        .put(TASK)
        .then()
        .statusCode(200)
        .body("settings.key_hint", nullValue());
    // The key is gone.
    problem(
        api().body(task(", \"base_url\": \"" + model.url() + "\"")).put(TASK), 400, "key_required");
    String provider = "/api/users/~/providers/near";
    api()
        .body(
            "{\"runner\": \"openai\", \"openai\": {\"model\": \"m\", \"base_url\": \""
                + keyless
                + "\"}}")
        .put(provider)
        .then()
        .statusCode(201)
        .body("settings.key_hint", nullValue());
    api().delete(provider).then().statusCode(204);
  }
}
