package dev.errand.automation.schedule;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.problem;
import static dev.errand.support.Api.register;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import dev.errand.base.database.DatabaseTime;
import dev.errand.support.OtherUser;
import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("lambda")
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
@TestProfile(OnTestTime.class)
class ScheduleApiTest {
  private static final String SCHEDULES = TASKS + "/planned/schedules";

  private final ScriptedModel model = new ScriptedModel();

  @Inject @DatabaseTime TestTime time;
  @Inject DataSource database;
  @Inject ScheduleTicker schedules;

  @BeforeEach
  void aTask() {
    time.set("2026-11-24T12:00:00Z");
    register("planned", "Say {{ word }}", model).then().statusCode(201);
  }

  @AfterEach
  void stop() {
    api().delete(TASKS + "/planned?force=true").then().statusCode(204);
    model.close();
  }

  @Test
  void theAnswerSaysWhatWasRegisteredAndUnderstood() {
    put(
            "daily",
            Map.of(
                "cron", "30 9 * * 1-5",
                "timezone", "Europe/Berlin",
                "parameters", Map.of("word", "hi", "n", 0),
                "missed", "last",
                "jitter", "PT10M",
                "start", "2026-11-25T00:00",
                "end", "2027-03-31T23:59:59+02:00"))
        .then()
        .statusCode(201)
        .body("name", equalTo("daily"))
        .body("cron", equalTo("30 9 * * 1-5"))
        .body("$", not(hasKey("every")))
        .body("$", not(hasKey("at")))
        .body("timezone", equalTo("Europe/Berlin"))
        .body("parameters", equalTo(Map.of("word", "hi", "n", 0)))
        .body("enabled", equalTo(true))
        .body("missed", equalTo("last"))
        .body("jitter", equalTo("PT10M"))
        .body("start", equalTo("2026-11-24T23:00:00.000Z"))
        .body("end", equalTo("2027-03-31T21:59:59.000Z"))
        .body(
            "description",
            equalTo(
                "At 09:30 on weekdays, in Europe/Berlin, each up to 10 minutes later, from"
                    + " 2026-11-25 00:00 on, until 2027-03-31 23:59:59."))
        .body("next", hasSize(5))
        .body("next[0]", containsString("2026-11-25T08:3"))
        .body("last_fire", nullValue())
        .body("failures", equalTo(0))
        .body("paused_reason", nullValue())
        .body("created_at", equalTo("2026-11-24T12:00:00.000Z"))
        .body("modified_at", equalTo("2026-11-24T12:00:00.000Z"));
    String put = put("daily", Map.of("cron", "0 9 * * *", "parameters", word())).asString();
    api().get(SCHEDULES + "/daily").then().statusCode(200).body(equalTo(put));
    api().get(SCHEDULES).then().statusCode(200).body(equalTo("[" + put + "]"));
  }

  @Test
  void omittedFieldsHaveTheirDefaults() {
    put("plain", Map.of("cron", "@daily", "parameters", word()))
        .then()
        .statusCode(201)
        .body("timezone", equalTo("UTC"))
        .body("enabled", equalTo(true))
        .body("missed", equalTo("none"))
        .body("jitter", nullValue())
        .body("start", nullValue())
        .body("end", nullValue())
        .body("description", equalTo("At 00:00 every day, in UTC."))
        .body(
            "next",
            contains(
                "2026-11-25T00:00:00.000Z",
                "2026-11-26T00:00:00.000Z",
                "2026-11-27T00:00:00.000Z",
                "2026-11-28T00:00:00.000Z",
                "2026-11-29T00:00:00.000Z"));
  }

  @Test
  void everyIsCountedFromItsCreationAndAtComesOnce() {
    put("every", Map.of("every", "PT90M", "parameters", word()))
        .then()
        .body("every", equalTo("PT1H30M"))
        .body("next[0]", equalTo("2026-11-24T13:30:00.000Z"))
        .body("next[1]", equalTo("2026-11-24T15:00:00.000Z"))
        .body(
            "description",
            equalTo("Every 1 hour and 30 minutes, counted from 2026-11-24 12:00 in UTC."));
    time.set("2026-11-24T13:00:00Z");
    put("every", Map.of("every", "PT2H", "parameters", word()))
        .then()
        .statusCode(200)
        .body("next[0]", equalTo("2026-11-24T14:00:00.000Z"));
    put("once", Map.of("at", "2026-12-24T18:00", "timezone", "Europe/Berlin", "parameters", word()))
        .then()
        .body("at", equalTo("2026-12-24T17:00:00.000Z"))
        .body("description", equalTo("Once, at 2026-12-24 18:00, in Europe/Berlin."))
        .body("next", contains("2026-12-24T17:00:00.000Z"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | cron | is required: send exactly one of cron, every and at",
        "{\"cron\":\"@daily\",\"every\":\"PT1H\"} | every | must be the only one of cron, every and at",
        "{\"cron\":\"@daily\",\"at\":\"2026-12-24T18:00:00Z\"} | at | must be the only one of cron, every and at",
        "{\"cron\":\"0 0 31 2 *\"} | cron | never matches",
        "{\"cron\":\"61 * * * *\"} | cron | in the minute, `61` is out of range: it is 0 to 59",
        "{\"cron\":5} | cron | wanted: a string",
        "{\"every\":\"PT0S\"} | every | must be between 1 second and",
        "{\"every\":\"1 year\"} | every | have no fixed length: give days, such as 30 days",
        "{\"at\":\"2026-11-24T12:00:00Z\"} | at | has passed: it is 2026-11-24T12:00:00Z",
        "{\"at\":\"soon\"} | at | must be a time such as",
        "{\"at\":\"2026-12-24T18:00:00Z\",\"end\":\"2027-01-01T00:00:00Z\"} | end | can't be combined with at",
        "{\"cron\":\"@daily\",\"timezone\":\"Berlin\"} | timezone | IANA time zone such as Europe/Berlin",
        "{\"cron\":\"@daily\",\"timezone\":\"Berlin\"} | timezone | did you mean Europe/Berlin?",
        "{\"cron\":\"@daily\",\"timezone\":\"Europe/Berlln\"} | timezone | did you mean Europe/Berlin?",
        "{\"cron\":\"@daily\",\"timezone\":\"EST\"} | timezone | use America/New_York, or America/Panama",
        "{\"cron\":\"@daily\",\"timezone\":\"GMT+2\"} | timezone | an offset has no daylight saving time: use a place such as Europe/Berlin, or Etc/GMT-2",
        "{\"cron\":\"@daily\",\"timezone\":\"+02:00\"} | timezone | or Etc/GMT-2 for a fixed offset, whose sign is the other way round",
        "{\"cron\":\"@daily\",\"timezone\":\"UTC+1\"} | timezone | or Etc/GMT-1 for",
        "{\"cron\":\"@daily\",\"timezone\":\"UTC-05:00\"} | timezone | use a place such as America/New_York, or Etc/GMT+5 for",
        "{\"cron\":\"@daily\",\"timezone\":\"+05:30\"} | timezone | an offset has no daylight saving time: use a place",
        "{\"cron\":\"@daily\",\"timezone\":\"Z\"} | timezone | ; use UTC",
        "{\"cron\":\"@daily\",\"timezone\":\"UTC+0\"} | timezone | ; use UTC",
        "{\"cron\":\"@daily\",\"timezone\":\"HST\"} | timezone | ; HST stands for Pacific/Honolulu: use that name",
        "{\"cron\":\"@daily\",\"timezone\":\"MST\"} | timezone | ; MST is an abbreviation of several: use America/Denver",
        "{\"at\":1795960100102} | at | wanted: a string such as \"2027-01-31T12:00:00Z\"",
        "{\"every\":60} | every | wanted: a string such as \"PT15M\"",
        "{\"cron\":\"@daily\",\"timezone\":\"SystemV/EST5\"} | timezone | the name of an IANA time zone",
        "{\"cron\":\"@daily\",\"parameters\":[]} | parameters | must be an object",
        "{\"cron\":\"@daily\",\"missed\":\"some\"} | missed | must be one of none, last, all",
        "{\"cron\":\"@daily\",\"jitter\":\"PT25H\"} | jitter | must be between 0 seconds and 1 day",
        "{\"cron\":\"*/5 * * * *\",\"jitter\":\"PT6M\"} | jitter | here 5 minutes",
        "{\"cron\":\"@daily\",\"start\":\"never\"} | start | must be a time such as",
        "{\"cron\":\"@daily\",\"end\":\"2026-11-24T13:00:00Z\"} | end | leaves no time",
        "{\"cron\":\"@daily\",\"start\":\"2027-01-01T00:00\",\"end\":\"2026-12-01T00:00\"} | end | before start",
        "{\"cron\":\"@daily\",\"enabled\":1} | enabled | wanted: true or false",
        "{\"cron\":\"@daily\",\"tz\":\"UTC\"} | tz | is not a known field; known fields: at, cron, enabled,",
      })
  void invalidFieldsAreNamed(String body, String field, String sentence) {
    String full =
        body.contains("parameters") || body.equals("{}")
            ? body
            : body.substring(0, body.length() - 1) + ",\"parameters\":{\"word\":\"hi\"}}";
    problem(api().body(full).put(SCHEDULES + "/wrong"), 400, "invalid_input")
        .then()
        .body("errors[0].field", equalTo(field))
        .body("errors[0].message", containsString(sentence));
    problem(api().get(SCHEDULES + "/wrong"), 404, "schedule_not_found");
  }

  @Test
  void parametersThatThePromptLacksAreRefusedUnlessTheScheduleIsOff() {
    problem(put("unfit", Map.of("cron", "@daily")), 400, "missing_parameters")
        .then()
        .body("errors[0].field", equalTo("parameters.word"));
    problem(api().put(SCHEDULES + "/unfit"), 400, "invalid_input");
    problem(api().body("[]").put(SCHEDULES + "/unfit"), 400, "malformed_json");
    put("unfit", Map.of("cron", "@daily", "enabled", false))
        .then()
        .statusCode(201)
        .body("enabled", equalTo(false))
        .body("next", hasSize(0));
  }

  @ParameterizedTest
  @ValueSource(strings = {"daily", "off-at-first"})
  void aScheduleDoesNotFireForATimeBeforeItWasThere(String name) {
    Map<String, Object> body = Map.of("cron", "0 9 * * *", "jitter", "PT24H", "parameters", word());
    Map<String, Object> off = new HashMap<>(body);
    off.put("enabled", false);
    put(name, name.equals("daily") ? body : off).then().statusCode(201);
    time.pass(Duration.ofMinutes(1));
    put(name, body).then().statusCode(200);
    schedules.tick();
    time.set("2026-11-25T08:59:59Z");
    schedules.tick();
    api().get(SCHEDULES + "/" + name + "/fires").then().body("$", hasSize(0));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "every-morning", "A.b_c~9"})
  void aScheduleMayBeNamedSo(String name) {
    put(name, Map.of("cron", "@daily", "parameters", word())).then().statusCode(201);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a@b", "a%20b", "a%2Fb", "a%00b", "%C3%BC", "a%3Bb", "a:b"})
  void aScheduleMayNotBeNamedSo(String name) {
    problem(put(name, Map.of("cron", "@daily", "parameters", word())), 400, "invalid_input");
  }

  @Test
  void aNameMayHave64CharactersAndNotOneMore() {
    put("n".repeat(64), Map.of("cron", "@daily", "parameters", word())).then().statusCode(201);
    problem(
        put("n".repeat(65), Map.of("cron", "@daily", "parameters", word())), 400, "invalid_input");
  }

  @Test
  void aScheduleIsDeletedByItselfAndWithItsTask() {
    put("one", Map.of("cron", "@daily", "parameters", word()));
    put("two", Map.of("cron", "@daily", "parameters", word()));
    api().delete(SCHEDULES + "/one").then().statusCode(204);
    problem(api().delete(SCHEDULES + "/one"), 404, "schedule_not_found");
    problem(api().get(SCHEDULES + "/one/fires"), 404, "schedule_not_found");
    problem(api().post(SCHEDULES + "/one/resume"), 404, "schedule_not_found");
    api().get(SCHEDULES).then().body("name", contains("two"));

    register("planned", "Say {{ word }} louder", model).then().statusCode(200);
    api().get(SCHEDULES).then().body("name", contains("two"));

    api().delete(TASKS + "/planned").then().statusCode(204);
    problem(api().get(SCHEDULES), 404, "task_not_found");
    register("planned", "Say {{ word }}", model).then().statusCode(201);
    api().get(SCHEDULES).then().body("$", hasSize(0));
  }

  @Test
  void aTaskHasOnlySoManySchedules() {
    for (int i = 0; i < 40; i++) {
      put("s" + i, Map.of("cron", "@daily", "parameters", word())).then().statusCode(201);
    }
    problem(
        put("one-more", Map.of("cron", "@daily", "parameters", word())), 409, "too_many_schedules");
    put("s0", Map.of("cron", "@hourly", "parameters", word())).then().statusCode(200);
  }

  @Test
  void anotherUserReachesNoneOfIt() {
    put("mine", Map.of("cron", "@daily", "parameters", word()));
    OtherUser other = OtherUser.named("visitor", database);
    for (String path : List.of("", "/mine", "/mine/fires")) {
      problem(other.api().get(SCHEDULES + path), 404, "task_not_found");
      problem(other.api().get(SCHEDULES.replace("~", "admin") + path), 404, "profile_not_found");
    }
  }

  @Test
  void registeringTheSameAgainChangesNothingEvenWhenItsTimeHasPassed() {
    Map<String, Object> once = Map.of("at", "2026-11-24T13:00:00Z", "parameters", word());
    put("once", once).then().statusCode(201);
    time.set("2026-11-24T14:00:00Z");

    put("once", once).then().statusCode(200);
    Map<String, Object> earlier = new HashMap<>(once);
    earlier.put("at", "2026-11-24T13:30:00Z");
    problem(put("once", earlier), 400, "invalid_input");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2026-11-26T15:46:36.123Z",
        "2026-11-26T16:46:36.999999+01:00",
        "2026-11-26 21:16:36.5+0530",
        "2026-11-26T15:46:36.123",
      })
  void aTimeMayHaveAnyFractionAndOffsetAndIsRoundedDown(String at) {
    put("once", Map.of("at", at, "parameters", word()))
        .then()
        .statusCode(201)
        .body("at", equalTo("2026-11-26T15:46:36.000Z"))
        .body("next", contains("2026-11-26T15:46:36.000Z"));
    put(
            "window",
            Map.of(
                "cron",
                "@daily",
                "start",
                at,
                "end",
                at.replace("2026", "2027"),
                "parameters",
                word()))
        .then()
        .statusCode(201)
        .body("start", equalTo("2026-11-26T15:46:36.000Z"))
        .body("end", equalTo("2027-11-26T15:46:36.000Z"));
  }

  private static Map<String, Object> word() {
    return Map.of("word", "hi");
  }

  private static Response put(String name, Map<String, Object> body) {
    return api().body(body).put(SCHEDULES + "/" + name);
  }
}
