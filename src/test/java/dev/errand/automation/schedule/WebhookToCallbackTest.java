package dev.errand.automation.schedule;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.register;
import static dev.errand.support.Api.trigger;
import static dev.errand.support.Futures.awaitAll;
import static dev.errand.support.ScriptedModel.call;
import static dev.errand.support.ScriptedModel.say;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.automation.delivery.Receiver;
import dev.errand.base.database.DatabaseTime;
import dev.errand.runs.worker.Worker;
import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.path.json.JsonPath;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Work that nobody asks for twice: from a webhook through a run and the clock to a callback. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
@TestProfile(WebhookToCallbackTest.WithCallbacks.class)
class WebhookToCallbackTest {
  private static final String INSTALLATIONS = "/api/profiles/~/default/installations";
  private static final int QUEUED = 2;
  private static final int MADE = 2;

  private final ScriptedModel model = new ScriptedModel();
  private final Receiver receiver = new Receiver();

  @Inject ScheduleTicker schedules;
  @Inject Worker worker;
  @Inject @DatabaseTime TestTime time;

  /** The clock is the test's, there is one worker, little room, and callbacks are told. */
  public static final class WithCallbacks implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      Map<String, String> all = new HashMap<>(new OnTestTime().getConfigOverrides());
      all.put("errand.callback.mode", "loop");
      all.put("errand.worker.concurrency", "1");
      all.put("errand.run.queued-per-profile", Integer.toString(QUEUED));
      all.put("errand.task.made-by-runs", Integer.toString(MADE));
      return all;
    }

    @Override
    public Set<Class<?>> getEnabledAlternatives() {
      return Set.of(TestTime.class);
    }
  }

  @BeforeEach
  void install() {
    deleteAllTasks();
    time.set("2026-11-24T12:30:00Z");
    api()
        .body(Map.of("servlet_slug", "errand/tasks", "name", "tasks"))
        .post(INSTALLATIONS)
        .then()
        .statusCode(201);
  }

  @AfterEach
  void uninstall() {
    api().delete(INSTALLATIONS + "/tasks").then().statusCode(204);
    deleteAllTasks();
    receiver.close();
    model.close();
  }

  @Test
  void aWebhookStartsARunWhoseModelSchedulesATaskThatFiresAndCallsBack() throws Exception {
    String secret =
        register(
                "watered",
                "Water the {{ plant }}",
                model,
                Map.of(
                    "key",
                    "sk-a-key-for-tests-1234",
                    "callbacks",
                    List.of(Map.of("url", receiver.url("/heard")))))
            .then()
            .statusCode(201)
            .extract()
            .path("settings.callbacks[0].secret");
    register("gardener", "It is dry: {{ @payload }}", model).then().statusCode(201);
    JsonPath hook =
        api()
            .body(Map.of("name", "sensor", "scheme", "standard-webhooks"))
            .post(TASKS + "/gardener/triggers")
            .then()
            .statusCode(201)
            .extract()
            .jsonPath();
    model.script(
        request -> {
          String prompt = request.body().path("messages").path(0).path("content").asText();
          if (prompt.startsWith("Water")) {
            return say(prompt + ": done.");
          }
          return request.size() == 1
              ? call(
                  "a",
                  "tasks_schedule",
                  "{\"task\": \"watered\", \"schedule\": \"soon\","
                      + " \"at\": \"2026-11-24T13:00:00Z\","
                      + " \"parameters\": {\"plant\": \"fern\"}}")
              : say(request.lastMessage().path("content").asText());
        });

    deliver(hook, "msg_dry_1", "{\"sensor\": \"fern\"}");
    deliver(hook, "msg_dry_1", "{\"sensor\": \"fern\"}");
    assertEquals(1, awaitAll(worker.begin(() -> {}).runs()));
    JsonPath first = run("gardener", "msg_dry_1");
    assertEquals("ready", first.getString("status"), first.prettify());
    assertEquals("webhook", first.getString("trigger.kind"));
    assertEquals(0, first.getInt("depth"));
    assertFalse(first.getList("results.is_error").contains(true), first.prettify());
    assertEquals(1, api().get(TASKS + "/gardener/runs").jsonPath().getList("$").size());

    assertEquals(0, schedules.tick(), "it is not yet time");
    time.set("2026-11-24T13:00:00Z");
    assertEquals(1, schedules.tick());
    assertEquals(1, awaitAll(worker.begin(() -> {}).runs()));
    JsonPath fired = run("watered", "soon@2026-11-24T13:00:00Z");
    assertEquals("ready", fired.getString("status"), fired.prettify());
    assertEquals("Water the fern: done.", fired.getString("output"));
    assertEquals("schedule", fired.getString("trigger.kind"));
    assertEquals(1, fired.getInt("depth"), "as deep as the run that scheduled it leads to");

    Receiver.Call told = receiver.await(1).getFirst();
    assertEquals(told.expected(secret), told.signature());
    JsonPath event = new JsonPath(told.body());
    assertEquals("run.ready", event.getString("type"));
    assertEquals("soon@2026-11-24T13:00:00Z", event.getString("data.run"));
    api()
        .get(event.getString("data.url").replace("@", "%40"))
        .then()
        .statusCode(200)
        .body("output", equalTo("Water the fern: done."));
  }

  @Test
  void aWorkerWithOnePlaceCompletesARunThatWaitsForAnother() throws Exception {
    model.script(
        request ->
            switch (request.size()) {
              case 1 -> call("a", "tasks_run", "{\"task\": \"other\", \"run\": \"o\"}");
              case 3 ->
                  call("b", "tasks_wait", "{\"task\": \"other\", \"run\": \"o\", \"seconds\": 1}");
              default -> say(request.lastMessage().path("content").asText());
            });
    register("waits", "Wait", model).then().statusCode(201);
    register("other", "Other", model).then().statusCode(201);
    trigger("waits", "w", Map.of()).then().statusCode(201);
    assertEquals(1, awaitAll(worker.begin(() -> {}).runs()));
    String output = run("waits", "w").getString("output");
    assertEquals("pending", JsonPath.from(output).getString("status"), output);
    assertEquals("pending", run("other", "o").getString("status"));
    model.script(request -> say("Done."));
    assertEquals(1, awaitAll(worker.begin(() -> {}).runs()));
    assertEquals("ready", run("other", "o").getString("status"));
  }

  @Test
  void runsOfRunsAndTasksOfRunsStayWithinWhatAProfileMayHave() throws Exception {
    model.script(
        request -> {
          int done = (request.size() - 1) / 2;
          if (done <= QUEUED) {
            return call("r" + done, "tasks_run", "{\"task\": \"many\"}");
          }
          int made = done - QUEUED - 1;
          return made <= MADE
              ? call(
                  "m" + made,
                  "tasks_create",
                  "{\"task\": \"made-" + made + "\", \"prompt\": \"Hello\"}")
              : say("Done.");
        });
    register("many", "Hello", model).then().statusCode(201);
    trigger("many", "first", Map.of()).then().statusCode(201);
    assertEquals(1, awaitAll(worker.begin(() -> {}).runs()));
    JsonPath run = run("many", "first");
    assertEquals(
        List.of(false, false, true, false, false, true),
        run.getList("results.findAll { it.msg == 'call tool result' }.is_error"),
        run.prettify());
    List<String> told = run.getList("results.findAll { it.is_error }.exchange.content");
    assertTrue(told.get(0).contains("runs queued, the limit set by"), told.toString());
    assertTrue(told.get(1).contains("Runs have created 2 tasks"), told.toString());

    // What a person puts is the person's, and counts no more.
    register("made-0", "Mine", model).then().statusCode(200);
    assertEquals(List.of("made-0", "made-1", "many"), api().get(TASKS).jsonPath().getList("name"));
  }

  // What is asserted of the queue and of the number of tasks is so of this class's own alone.
  private static void deleteAllTasks() {
    List<String> names = api().get(TASKS).jsonPath().getList("name");
    names.forEach(name -> api().delete(TASKS + "/" + name + "?force=true").then().statusCode(204));
  }

  private static JsonPath run(String task, String run) {
    return api()
        .get(TASKS + "/" + task + "/runs/" + run.replace("@", "%40"))
        .then()
        .statusCode(200)
        .extract()
        .jsonPath();
  }

  private static void deliver(JsonPath hook, String id, String body)
      throws GeneralSecurityException {
    String at = Long.toString(Instant.now().getEpochSecond());
    byte[] key = Base64.getDecoder().decode(hook.getString("secrets[0]").substring(6));
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    byte[] sum = mac.doFinal((id + "." + at + "." + body).getBytes(StandardCharsets.UTF_8));
    given()
        .urlEncodingEnabled(false)
        .contentType("application/json")
        .header("webhook-id", id)
        .header("webhook-timestamp", at)
        .header("webhook-signature", "v1," + Base64.getEncoder().encodeToString(sum))
        .body(body)
        .post(hook.getString("url"))
        .then()
        .statusCode(202);
  }
}
