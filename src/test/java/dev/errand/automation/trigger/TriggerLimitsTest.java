package dev.errand.automation.trigger;

import static dev.errand.automation.trigger.Hooks.json;
import static dev.errand.automation.trigger.Hooks.make;
import static dev.errand.automation.trigger.Hooks.run;
import static dev.errand.automation.trigger.Hooks.url;
import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.problem;
import static dev.errand.support.Api.register;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class TriggerLimitsTest {
  private static final String SECRET = "a-secret-of-the-sender";
  private static final String TRIGGERS = TASKS + "/verified/triggers";
  private static final String RUNS = TASKS + "/verified/runs";

  private final ScriptedModel model = new ScriptedModel();

  @Inject DataSource database;

  @BeforeEach
  void aTask() {
    register("verified", "Look at {{ @payload }}", model);
  }

  @AfterEach
  void stop() {
    api().delete(TASKS + "/verified?force=true").then().statusCode(204);
    model.close();
  }

  @Test
  void aTriggerTakesNoLargerBodyThanItSays() {
    String url = url("verified", "std", "bearer", List.of(SECRET));
    make("verified", "std", "bearer", List.of(), Map.of("max_body_bytes", 10))
        .then()
        .statusCode(200)
        .body("max_body_bytes", equalTo(10));
    Map<String, String> fields = Map.of("Authorization", "Bearer " + SECRET);

    run(json(url, "0123456789", fields));
    problem(json(url, "01234567890", fields), 413, "too_large");
    problem(json(url, "é".repeat(6), fields), 413, "too_large");
    problem(json(url, " ".repeat(3 << 20), fields), 413, "too_large");
    api().get(RUNS).then().body("$", hasSize(1));
  }

  @Test
  void aTriggerEnforcesItsRatePerMinute() {
    String url =
        make("verified", "few", "bearer", List.of(SECRET), Map.of("rate_per_minute", 1))
            .then()
            .statusCode(201)
            .extract()
            .path("url");
    Map<String, String> fields = Map.of("Authorization", "Bearer " + SECRET);
    for (int i = 0; i < 5; i++) {
      refused(json(url, "{}", Map.of("Authorization", "Bearer wrong-secret")), "secret");
    }
    run(json(url, "{}", fields));

    String wait =
        problem(json(url, "{}", fields), 429, "rate_limited")
            .then()
            .header("Retry-After", notNullValue())
            .extract()
            .header("Retry-After");
    assertEquals(true, Integer.parseInt(wait) >= 1 && Integer.parseInt(wait) <= 60, wait);
    api().get(RUNS).then().body("$", hasSize(1));
  }

  @Test
  void aSenderRefusedTooOftenGets429AndDoesNotBlockOthers() {
    String url = url("verified", "std", "bearer", List.of(SECRET));
    for (int i = 0; i < SenderRates.MOST; i++) {
      refused(json(url, "{}", Map.of("Authorization", "Bearer wrong-secret")), "secret");
    }
    problem(json(url, "{}", Map.of("Authorization", "Bearer wrong-secret")), 429, "rate_limited")
        .then()
        .header("Retry-After", notNullValue());
    run(json(url, "{}", Map.of("Authorization", "Bearer " + SECRET)));
    api().get(TRIGGERS + "/std/deliveries").then().body("$", hasSize(SenderRates.MOST + 1));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"scheme\":\"none\"}|scheme",
        "{}|scheme",
        "{\"scheme\":\"url\",\"secrets\":[\"long-enough\"]}|secrets",
        "{\"scheme\":\"slack\"}|secrets",
        "{\"scheme\":\"github\",\"secrets\":[\"short\"]}|secrets[0]",
        "{\"scheme\":\"github\",\"secrets\":[\"long-enough\",\" spaced-out \"]}|secrets[1]",
        "{\"scheme\":\"github\",\"secrets\":[null]}|secrets[0]",
        "{\"scheme\":\"standard-webhooks\",\"secrets\":[\"whsec_short\"]}|secrets[0]",
        "{\"scheme\":\"bearer\",\"tolerance\":\"5\"}|tolerance",
        "{\"scheme\":\"bearer\",\"tolerance\":\"PT2H\"}|tolerance",
        "{\"scheme\":\"bearer\",\"rate_per_minute\":0}|rate_per_minute",
        "{\"scheme\":\"bearer\",\"max_body_bytes\":1048577}|max_body_bytes",
        "{\"scheme\":\"url\",\"expires_at\":\"tomorrow\"}|expires_at",
        "{\"scheme\":\"url\",\"expires_at\":\"2020-01-01T00:00:00Z\"}|expires_at",
        "{\"scheme\":\"url\",\"name\":\"other\"}|name",
        "{\"scheme\":\"url\",\"colour\":\"red\"}|colour",
      })
  void invalidFieldsOfATriggerAreNamed(String body, String field) {
    problem(api().body(body).put(TRIGGERS + "/wrong"), 400, "invalid_input")
        .then()
        .body("errors[0].field", equalTo(field))
        .body("detail", allOf(not(containsString("short\"")), not(containsString("spaced"))));
    problem(api().get(TRIGGERS + "/wrong"), 404, "trigger_not_found");
  }

  @Test
  void namesOfTriggersAreUnique() {
    api().body(Map.of("name", "one")).post(TRIGGERS).then().statusCode(201);
    problem(api().body(Map.of("name", "one")).post(TRIGGERS), 409, "already_exists");
    problem(api().body(Map.of("name", "a b")).post(TRIGGERS), 400, "invalid_input");
    problem(make("verified", "%2e%2e", "bearer", List.of()), 400, "invalid_input");
    String url = api().get(TRIGGERS + "/one").path("url");
    // What was a signed URL, and is now verified, is opened by its address no more.
    make("verified", "one", "bearer", List.of(SECRET)).then().statusCode(200);
    refused(json(url, "{}", Map.of()), "authorization");
    assertNotEquals("", url);
  }

  private static Response refused(Response answer, String told) {
    problem(answer, 401, "signature_refused")
        .then()
        .header("WWW-Authenticate", notNullValue())
        .body("detail", containsString(told))
        .body("detail", not(containsString(SECRET)));
    return answer;
  }
}
