package dev.errand.runs.provider;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.ended;
import static dev.errand.support.Api.register;
import static dev.errand.support.Api.trigger;
import static dev.errand.support.ScriptedModel.say;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.base.database.Sql;
import dev.errand.support.Eventually;
import dev.errand.support.ScriptedModel;
import dev.errand.support.ScriptedModel.Request;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs of tasks with providers: a key goes to the server that it was sent for, and to no other. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class ProviderRunsTest {
  private static final String PROVIDER = "/api/users/~/providers/shared";
  private static final String ONE = "sk-the-key-of-server-one-1111";
  private static final String TWO = "sk-the-key-of-server-two-2222";

  private final ScriptedModel one = new ScriptedModel();
  private final ScriptedModel two = new ScriptedModel();

  @Inject Sql sql;

  @AfterEach
  void tidyUp() {
    for (String task : List.of("first", "second", "own")) {
      api().delete(TASKS + "/" + task + "?force=true");
    }
    api().delete(PROVIDER);
    one.close();
    two.close();
  }

  private static void provider(ScriptedModel model, String key, String settings) {
    int status =
        api()
            .body(
                "{\"runner\": \"openai\", \"openai\": {%s\"base_url\": \"%s\"}, \"settings\": {\"key\": \"%s\"}}"
                    .formatted(settings, model.url(), key))
            .put(PROVIDER)
            .statusCode();
    assertTrue(status == 200 || status == 201, "The provider was answered with " + status);
  }

  private static void task(String name, String openai) {
    api()
        .body(
            "{\"provider\": \"~/shared\", \"openai\": {\"prompt\": \"Hello\"%s}, \"settings\": {\"concurrency\": 1}}"
                .formatted(openai))
        .put(TASKS + "/" + name)
        .then()
        .statusCode(201);
  }

  private static JsonPath run(String task, String run) {
    trigger(task, run, Map.of()).then().statusCode(201);
    return ended(task, run);
  }

  private static List<String> keys(ScriptedModel model) {
    return model.requests().stream().map(Request::authorization).distinct().toList();
  }

  @Test
  void tasksHaveTheKeyAndTheSettingsOfTheirProvider() {
    provider(one, ONE, "\"model\": \"gpt-4o\", \"temperature\": 0.5, \"seed\": 7, ");
    task("first", "");
    task("second", ", \"model\": \"gpt-4.1\", \"temperature\": 0.1, \"system\": \"Be brief.\"");
    assertEquals("ready", run("first", "a").getString("status"));
    assertEquals("ready", run("second", "a").getString("status"));
    Request first = one.requests().getFirst();
    assertEquals("Bearer " + ONE, first.authorization());
    assertEquals("gpt-4o", first.body().path("model").asText());
    assertEquals(0.5, first.body().path("temperature").asDouble());
    Request second = one.requests().getLast();
    assertEquals("gpt-4.1", second.body().path("model").asText());
    assertEquals(0.1, second.body().path("temperature").asDouble());
    assertEquals(7, second.body().path("seed").asInt());
    assertEquals("system", second.body().at("/messages/0/role").asText());

    // What is changed once holds for all.
    provider(two, TWO, "\"model\": \"gpt-5\", ");
    assertEquals("ready", run("first", "b").getString("status"));
    assertEquals("ready", run("second", "b").getString("status"));
    assertEquals(List.of("Bearer " + TWO), keys(two));
    assertEquals(List.of("Bearer " + ONE), keys(one));
    assertEquals("gpt-5", two.requests().getFirst().body().path("model").asText());
  }

  @Test
  void aRunThatWaitsGoesWithTheKeyToItsNewServer() {
    CountDownLatch held = new CountDownLatch(1);
    one.script(request -> hold(held));
    provider(one, ONE, "\"model\": \"gpt-4o\", ");
    task("first", "");
    trigger("first", "a", Map.of()).then().statusCode(201);
    Eventually.await("the request of the first run", () -> !one.requests().isEmpty());
    trigger("first", "b", Map.of()).then().statusCode(201).body("status", equalTo("pending"));
    provider(two, TWO, "\"model\": \"gpt-5\", ");
    held.countDown();
    assertEquals("ready", ended("first", "b").getString("status"));
    assertEquals(List.of("Bearer " + ONE), keys(one));
    assertEquals(List.of("Bearer " + TWO), keys(two));
    // The model is that of the start.
    assertEquals("gpt-4o", two.requests().getFirst().body().path("model").asText());
  }

  @Test
  void theKeyOfATaskGoesToNoServerThatItWasNotSentFor() {
    CountDownLatch held = new CountDownLatch(1);
    one.script(request -> hold(held));
    register("own", "Hello", one, Map.of("key", ONE, "concurrency", 1)).then().statusCode(201);
    trigger("own", "a", Map.of()).then().statusCode(201);
    Eventually.await("the request of the first run", () -> !one.requests().isEmpty());
    trigger("own", "b", Map.of()).then().statusCode(201).body("status", equalTo("pending"));
    register("own", "Hello", two, Map.of("key", TWO, "concurrency", 1)).then().statusCode(200);
    held.countDown();
    JsonPath stopped = ended("own", "b");
    assertEquals("key_refused", stopped.getString("error.code"));
    assertTrue(stopped.getString("error.message").contains("retry the run"), stopped::prettify);
    assertEquals(List.of("Bearer " + ONE), keys(one));
    assertEquals(List.of(), keys(two));
    api().post(TASKS + "/own/runs/b/retry").then().statusCode(202);
    assertEquals("ready", ended("own", "b").getString("status"));
    assertEquals(List.of("Bearer " + TWO), keys(two));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "key_url = :url",
        "key_url = NULL",
        "key_url = :url, runner_settings = replace(runner_settings, key_url, :url)",
        "key_url = NULL, runner_settings = replace(runner_settings, key_url, :url)",
        "runner_settings = replace(runner_settings, key_url, :url)"
      })
  void theKeyOfATaskIsSentToNoServerThatTheDatabaseWasMadeToName(String change) {
    register("own", "Hello", one, Map.of("key", ONE)).then().statusCode(201);
    assertEquals("ready", run("own", "a").getString("status"));
    alterTask(change);
    JsonPath run = run("own", "b");
    assertEquals("key_refused", run.getString("error.code"), run::prettify);
    assertEquals(List.of(), two.requests());
    assertEquals(1, one.requests().size());
  }

  @Test
  void aRegistrationDoesNotCarryTheKeyToAServerThatTheDatabaseWasMadeToName() {
    register("own", "Hello", one, Map.of("key", ONE)).then().statusCode(201);
    alterTask("runner_settings = replace(runner_settings, key_url, :url)");
    register("own", "Hello", two, Map.of())
        .then()
        .statusCode(400)
        .body("code", equalTo("key_required"));
    api()
        .body("{\"openai\": {\"prompt\": \"Hello again\"}}")
        .patch(TASKS + "/own")
        .then()
        .statusCode(400)
        .body("code", equalTo("key_required"));
    assertEquals("key_refused", run("own", "a").getString("error.code"));
    assertEquals(List.of(), two.requests());
  }

  @Test
  void aTaskWhoseServerWasAlteredSaysSoAndTakesItsKeyAnew() {
    register("own", "Hello", one, Map.of("key", ONE)).then().statusCode(201);
    alterTask("key_url = :url, runner_settings = replace(runner_settings, key_url, :url)");
    JsonPath run = run("own", "a");
    assertTrue(
        run.getString("error.message").contains("the address that it is for was altered"),
        run::prettify);
    assertTrue(run.getString("error.message").contains("settings.key"), run::prettify);
    api()
        .body("{}")
        .post(TASKS + "/own/preview")
        .then()
        .body("key", equalTo(Map.of("present", true, "opens", false)));
    register("own", "Hello", two, Map.of("key", TWO)).then().statusCode(200);
    assertEquals("ready", run("own", "b").getString("status"));
    assertEquals(List.of("Bearer " + TWO), keys(two));
  }

  @Test
  void theKeyOfAProviderIsSentToNoServerThatTheDatabaseWasMadeToName() {
    provider(one, ONE, "\"model\": \"gpt-4o\", ");
    task("first", "");
    assertEquals("ready", run("first", "a").getString("status"));
    sql.statement("UPDATE provider SET base_url = :url WHERE name = 'shared'")
        .with("url", two.url())
        .run();
    JsonPath run = run("first", "b");
    assertEquals("key_refused", run.getString("error.code"), run::prettify);
    assertTrue(
        run.getString("error.message").contains("the address that it is for was altered"),
        run::prettify);
    String checked = api().post(PROVIDER + "/check").jsonPath().getString("message");
    assertTrue(checked.contains("can't be opened"), checked);
    api().get(PROVIDER + "/models").then().statusCode(502);
    assertEquals(List.of(), two.requests());
    provider(two, TWO, "\"model\": \"gpt-4o\", ");
    assertEquals("ready", run("first", "c").getString("status"));
    assertEquals(List.of("Bearer " + TWO), keys(two));
  }

  @Test
  void aTaskThatChangesToAProviderTakesItsWaitingRunsAlong() {
    CountDownLatch held = new CountDownLatch(1);
    one.script(request -> hold(held));
    register("own", "Hello", one, Map.of("key", ONE, "concurrency", 1)).then().statusCode(201);
    trigger("own", "a", Map.of()).then().statusCode(201);
    Eventually.await("the request of the first run", () -> !one.requests().isEmpty());
    trigger("own", "b", Map.of()).then().statusCode(201);
    provider(two, TWO, "\"model\": \"gpt-5\", ");
    api().body("{\"provider\": \"~/shared\"}").patch(TASKS + "/own").then().statusCode(200);
    held.countDown();
    assertEquals("ready", ended("own", "b").getString("status"));
    assertEquals(List.of("Bearer " + ONE), keys(one));
    assertEquals(List.of("Bearer " + TWO), keys(two));
  }

  @Test
  void aKeyThatDoesNotOpenEndsTheRunAndSaysSo() {
    provider(one, ONE, "\"model\": \"gpt-4o\", ");
    task("first", "");
    sql.statement("UPDATE provider SET key_sealed = '\\x00' WHERE name = 'shared'").run();
    JsonPath run = run("first", "a");
    assertEquals("key_refused", run.getString("error.code"));
    assertTrue(
        run.getString("error.message").contains("or its provider with settings.key"),
        run::prettify);
    api()
        .body("{}")
        .post(TASKS + "/first/preview")
        .then()
        .body("key", equalTo(Map.of("present", true, "opens", false)));
    assertTrue(
        api()
            .post(PROVIDER + "/check")
            .jsonPath()
            .getString("message")
            .contains("can't be opened"));
    assertEquals(List.of(), one.requests());
  }

  /** Each server is sent its own key alone, while the provider changes between them. */
  @Test
  void keyAndServerAreReadTogetherWhileTheProviderChanges() {
    CountDownLatch held = new CountDownLatch(1);
    one.script(request -> hold(held));
    provider(one, ONE, "\"model\": \"gpt-4o\", ");
    task("first", "");
    for (int i = 0; i < 30; i++) {
      trigger("first", "r" + i, Map.of()).then().statusCode(201);
    }
    provider(two, TWO, "\"model\": \"gpt-4o\", ");
    held.countDown();
    boolean live = true;
    for (int change = 1; live; change++) {
      boolean even = change % 2 == 0;
      provider(even ? two : one, even ? TWO : ONE, "\"model\": \"gpt-4o\", ");
      String last = api().get(TASKS + "/first/runs/r29").jsonPath().getString("status");
      live = last.equals("pending") || last.equals("running");
    }
    for (int i = 0; i < 30; i++) {
      assertEquals("ready", ended("first", "r" + i).getString("status"));
    }
    assertEquals(30, Stream.of(one, two).mapToInt(model -> model.requests().size()).sum());
    assertEquals(List.of("Bearer " + ONE), keys(one));
    assertEquals(List.of("Bearer " + TWO), keys(two));
  }

  /** What the migration reads from the settings of tasks is what a registration stores. */
  @Test
  void theServerOfAKeyIsStoredAsTheMigrationReadsIt() {
    register("own", "Say \\\"base_url\\\":\\\"http://x\\\"}", one).then().statusCode(201);
    assertEquals(
        List.of(one.url()),
        sql.statement(
                """
                SELECT key_url FROM task
                WHERE name = 'own' AND deleted_at IS NULL
                  AND key_url = substring(runner_settings FROM '"base_url":"([^"\\\\]+)"\\}$')
                """)
            .list(row -> row.text("key_url")));
  }

  // As whoever can write the database, and nothing else, may do it.
  private void alterTask(String change) {
    sql.statement(
            "UPDATE task SET "
                + change
                + " WHERE name = 'own' AND deleted_at IS NULL AND :url::text <> ''")
        .with("url", two.url())
        .run();
  }

  private static ScriptedModel.Answer hold(CountDownLatch until) {
    try {
      until.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return say("Done.");
  }
}
