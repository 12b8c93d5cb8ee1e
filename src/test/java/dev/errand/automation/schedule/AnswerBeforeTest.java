package dev.errand.automation.schedule;

import static dev.errand.automation.schedule.FiredTask.TASK;
import static dev.errand.automation.schedule.FiredTask.hourly;
import static dev.errand.automation.schedule.FiredTask.put;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.problem;
import static dev.errand.support.Api.trigger;
import static dev.errand.support.Futures.awaitAll;
import static dev.errand.support.ScriptedModel.error;
import static dev.errand.support.ScriptedModel.say;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.errand.base.database.DatabaseTime;
import dev.errand.runs.worker.Worker;
import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A prompt compares with the answer before, which is fixed when the run is started. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
@TestProfile(OnTestTime.class)
class AnswerBeforeTest {
  private static final String COMPARES =
      "{{#@previous}}{{run}} said {{output}}{{/@previous}}{{^@previous}}nothing{{/@previous}}";

  private final ScriptedModel model = new ScriptedModel();

  @Inject ScheduleTicker schedules;
  @Inject Worker worker;
  @Inject @DatabaseTime TestTime time;
  @Inject DataSource database;

  private FiredTask fired;

  @BeforeEach
  void aTask() {
    time.set("2026-11-24T12:30:00Z");
    fired = new FiredTask(model, schedules, time, database);
    fired.prompt(COMPARES, true);
  }

  @AfterEach
  void stop() {
    fired.delete();
    model.close();
  }

  @Test
  void aScheduleComparesWithItsOwnLastReadyRun() throws Exception {
    hourly(Map.of());
    firesAndSays(13, "one");
    assertPrompt("hourly@2026-11-24T13:00:00Z", "nothing");

    saysByRequest("asked", "two");
    assertPrompt("asked", "hourly@2026-11-24T13:00:00Z said one");

    put("other", Map.of());
    model.script(request -> error(400, "bad", "No."));
    fires(14);
    assertPrompt("hourly@2026-11-24T14:00:00Z", "hourly@2026-11-24T13:00:00Z said one");
    assertPrompt("other@2026-11-24T14:00:00Z", "asked said two");

    firesAndSays(15, "three");
    assertPrompt("hourly@2026-11-24T15:00:00Z", "hourly@2026-11-24T13:00:00Z said one");
    fires(16);
    assertPrompt("hourly@2026-11-24T16:00:00Z", "hourly@2026-11-24T15:00:00Z said three");
  }

  @Test
  void valuesFixedAtTheStartStay() throws Exception {
    saysByRequest("first", "one");
    trigger("fired", "second", Map.of()).then().statusCode(201);
    saysByRequest("third", "later");

    trigger("fired", "second", Map.of()).then().statusCode(200);
    assertPrompt("second", "first said one");
    assertEquals("first said one", asked(1));
  }

  @Test
  void aRunThatWasRemovedIsNoAnswerBefore() throws Exception {
    saysByRequest("first", "one");
    fired.update("DELETE FROM run WHERE name = 'first'");

    saysByRequest("second", "two");
    assertPrompt("second", "nothing");
  }

  @Test
  void aLongAnswerIsCut() throws Exception {
    saysByRequest("first", "é".repeat(70_000));
    fired.prompt("{{ @previous.truncated }} {{ @previous.output }}", true);

    saysByRequest("second", "two");
    assertPrompt("second", "true " + "é".repeat(65_536) + "\n[cut: 65536 of 70000 characters]");
  }

  @Test
  void timesAreInTheZoneOfTheSchedule() {
    fired.prompt("{{ @task }} {{ @run }} for {{ @scheduled_for }}, now {{ @now }}", true);
    hourly(Map.of("timezone", "Europe/Berlin"));
    time.set("2026-11-24T13:00:01.700Z");
    schedules.tick();

    assertPrompt(
        "hourly@2026-11-24T13:00:00Z",
        "fired hourly@2026-11-24T13:00:00Z for 2026-11-24T14:00:00+01:00, now"
            + " 2026-11-24T14:00:01+01:00");
    trigger("fired", "asked", Map.of()).then().statusCode(201);
    assertPrompt("asked", "fired asked for , now 2026-11-24T13:00:01Z");
  }

  @Test
  void aPreviewShowsWhatARunOrAScheduleWouldBeAsked() throws Exception {
    fired.prompt(
        "{{ @run }} of {{ @scheduled_for }} {{ word }} after {{ @previous.output }}", true);
    trigger("fired", "first", Map.of("word", "hi")).then().statusCode(201);
    awaitAll(worker.begin(() -> {}).runs());
    hourly(Map.of("timezone", "Europe/Berlin"));

    preview(Map.of("parameters", Map.of("word", "ho")))
        .body(said(), equalTo("preview of  ho after Done."));
    preview(Map.of("schedule", "hourly"))
        .body(
            said(),
            equalTo("hourly@2026-11-24T13:00:00Z of 2026-11-24T14:00:00+01:00 hi after Done."));
    preview(Map.of("schedule", "hourly", "parameters", Map.of("word", "ho")))
        .body(said(), containsString("+01:00 ho after Done."));
    problem(
        api().body(Map.of("schedule", "none")).post(TASK + "/preview"), 404, "schedule_not_found");
  }

  @Test
  void aRunByHandIsOneOfTheSchedule() throws Exception {
    fired.prompt(COMPARES + " {{ word }} {{ @scheduled_for }}", true);
    hourly(Map.of("timezone", "Europe/Berlin", "enabled", false));
    model.script(request -> say("one"));
    time.set("2026-11-24T12:31:00.250Z");
    String manual = "hourly@manual-2026-11-24T12:31:00.250Z";

    api()
        .post(FiredTask.HOURLY + "/run")
        .then()
        .statusCode(201)
        .header(
            "Location",
            endsWith(
                "/api/profiles/admin/default/tasks/fired/runs/"
                    + manual.replace("@", "%40").replace(":", "%3A")))
        .body("name", equalTo(manual))
        .body("parameters", equalTo(Map.of("word", "hi")))
        .body(
            "trigger",
            equalTo(
                Map.of(
                    "kind",
                    "schedule",
                    "schedule",
                    "hourly",
                    "manual",
                    true,
                    "by",
                    Map.of("user", "admin"))))
        .body("results[0].exchange.content", equalTo("nothing hi 2026-11-24T13:31:00+01:00"));
    awaitAll(worker.begin(() -> {}).runs());
    FiredTask.fires().body("$", hasSize(0));
    trigger("fired", "asked", Map.of("word", "hi")).then().statusCode(201);
    awaitAll(worker.begin(() -> {}).runs());

    time.set("2026-11-24T12:32:00Z");
    hourly(Map.of());
    fires(13);
    api()
        .get(TASK + "/runs/hourly@2026-11-24T13:00:00Z")
        .then()
        .body("results[0].exchange.content", startsWith(manual + " said one"));
    api().body("null").post(FiredTask.HOURLY + "/run").then().statusCode(201);
    problem(api().post(TASK + "/schedules/none/run"), 404, "schedule_not_found");
    fired.prompt("x", false);
    problem(api().post(FiredTask.HOURLY + "/run"), 409, "task_disabled");
  }

  @Test
  void eachRunByHandIsOneOfItsOwnAlsoInTheSameMillisecond() {
    hourly(Map.of());
    time.set("2026-11-24T12:31:00.250Z");
    for (String millis : List.of("250", "251", "252")) {
      api()
          .post(FiredTask.HOURLY + "/run")
          .then()
          .statusCode(201)
          .body("name", equalTo("hourly@manual-2026-11-24T12:31:00." + millis + "Z"));
    }
  }

  @Test
  void aPreviewOfAScheduleWithoutANextTimeSaysSo() {
    api()
        .body(Map.of("at", "2026-11-24T13:00:00Z", "parameters", Map.of("word", "hi")))
        .put(TASK + "/schedules/once")
        .then()
        .statusCode(201);
    preview(Map.of("schedule", "once"));
    fired.tickAt(13);
    problem(api().body(Map.of("schedule", "once")).post(TASK + "/preview"), 400, "invalid_input")
        .then()
        .body("errors[0].field", equalTo("schedule"))
        .body("errors[0].message", containsString("has no next time"));
    problem(api().body(Map.of("parameters", 5)).post(TASK + "/preview"), 400, "invalid_input")
        .then()
        .body("errors[0].message", containsString("wanted: an object"));
  }

  @Test
  void anUnknownNameIsRefusedWhenTheTaskIsPut() {
    api()
        .body(
            Map.of(
                "runner",
                "openai",
                "openai",
                Map.of("prompt", "{{ @yesterday }}", "model", "m", "base_url", model.url())))
        .put(TASK)
        .then()
        .statusCode(400)
        .body("code", equalTo("invalid_input"))
        .body("errors[0].field", equalTo("openai.prompt"))
        .body(
            "errors[0].message",
            containsString("the known names are @payload, @headers, @previous"));
  }

  private static ValidatableResponse preview(Map<String, Object> body) {
    return api().body(body).post(TASK + "/preview").then().statusCode(200);
  }

  private static String said() {
    return "messages[0].content";
  }

  private void fires(int hour) throws Exception {
    fired.tickAt(hour);
    awaitAll(worker.begin(() -> {}).runs());
  }

  private void firesAndSays(int hour, String answer) throws Exception {
    model.script(request -> say(answer));
    fires(hour);
  }

  private void saysByRequest(String run, String answer) throws Exception {
    model.script(request -> say(answer));
    trigger("fired", run, Map.of()).then().statusCode(201);
    awaitAll(worker.begin(() -> {}).runs());
  }

  private String asked(int request) {
    return model.requests().get(request).lastMessage().path("content").asText();
  }

  private static void assertPrompt(String run, String expected) {
    api()
        .get(TASK + "/runs/" + run)
        .then()
        .statusCode(200)
        .body("results[0].exchange.content", equalTo(expected));
  }
}
