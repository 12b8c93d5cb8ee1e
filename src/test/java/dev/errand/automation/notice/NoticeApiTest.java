package dev.errand.automation.notice;

import static dev.errand.support.Api.api;
import static dev.errand.support.Api.problem;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Notices are stored, checked and counted. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class NoticeApiTest {
  private static final String NOTICES = "/api/profiles/~/default/notices";

  @Inject ChannelRows channels;
  @Inject NoticeConfig config;

  @BeforeEach
  void addChannel() {
    channels.add("default", "team", "http://127.0.0.1:9/");
  }

  @AfterEach
  void tidyUp() {
    api().get(NOTICES).jsonPath().getList("name").forEach(n -> api().delete(NOTICES + "/" + n));
    channels.remove();
  }

  @Test
  void aNoticeHasDefaults() {
    api()
        .body(Map.of("events", List.of("watch.missed", "run.error"), "channel", "team"))
        .put(NOTICES + "/failures")
        .then()
        .statusCode(201)
        .body("events", equalTo(List.of("run.error", "watch.missed")))
        .body("tasks", nullValue())
        .body("errors_in_a_row", equalTo(3))
        .body("at_most_per_hour", nullValue())
        .body("include", equalTo(List.of()))
        .body("enabled", equalTo(true))
        .body("state", equalTo("ready"))
        .body("held", equalTo(0));
    api().delete(NOTICES + "/failures").then().statusCode(204);
    problem(api().get(NOTICES + "/failures"), 404, "notice_not_found");
    problem(api().delete(NOTICES + "/failures"), 404, "notice_not_found");
    problem(api().get(NOTICES + "/failures/deliveries"), 404, "notice_not_found");
  }

  @Test
  void whatIsWrongIsNamed() {
    refused("{}", "events: are required");
    refused("{\"events\": [], \"channel\": \"team\"}", "events: are required");
    refused("{\"events\": [\"run.started\"], \"channel\": \"team\"}", "events[0]: must be one of");
    refused("{\"events\": [null], \"channel\": \"team\"}", "events[0]: must be one of");
    refused("{\"events\": [\"run.error\"]}", "channel: is required");
    refused(
        "{\"events\": [\"run.error\"], \"channel\": \"nobody\"}",
        "channel: must be a channel of the profile: team");
    String good = "{\"events\": [\"run.error\"], \"channel\": \"team\", %s}";
    refused(good.formatted("\"tasks\": []"), "tasks: must have 1 to 1000 entries");
    refused(good.formatted("\"tasks\": [\"a b\"]"), "tasks[0]: must be the name of a task");
    refused(good.formatted("\"errors_in_a_row\": 1"), "errors_in_a_row: must be between 2 and 100");
    refused(good.formatted("\"at_most_per_hour\": 0"), "at_most_per_hour: must be between 1");
    refused(good.formatted("\"include\": [\"usage\"]"), "include[0]: must be one of output");
    refused(good.formatted("\"to\": \"me\""), "to is not a known field");
    problem(
            api().body(good.formatted("\"enabled\": true")).put(NOTICES + "/a%20b"),
            400,
            "invalid_input")
        .then()
        .body("detail", containsString("name: of a notice is 1 to 64"));
    channels.remove();
    refused(good.formatted("\"enabled\": true"), "channel: names no channel");
  }

  @Test
  void aProfileHasNoMoreThanItsNumber() {
    for (int i = 0; i < config.perProfile(); i++) {
      put("n" + i, 201);
    }
    problem(
        api()
            .body(Map.of("events", List.of("run.error"), "channel", "team"))
            .put(NOTICES + "/more"),
        409,
        "too_many_notices");
    put("n0", 200);
  }

  private static void put(String name, int status) {
    api()
        .body(Map.of("events", List.of("run.error"), "channel", "team"))
        .put(NOTICES + "/" + name)
        .then()
        .statusCode(status);
  }

  private static void refused(String body, String why) {
    problem(api().body(body).put(NOTICES + "/failures"), 400, "invalid_input")
        .then()
        .body("detail", containsString(why));
  }
}
