package dev.errand.automation.trigger;

import static dev.errand.automation.trigger.Hooks.json;
import static dev.errand.automation.trigger.Hooks.make;
import static dev.errand.automation.trigger.Hooks.post;
import static dev.errand.automation.trigger.Hooks.run;
import static dev.errand.automation.trigger.Hooks.url;
import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.problem;
import static dev.errand.support.Api.register;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class BearerTriggerTest {
  private static final String SECRET = "a-secret-of-the-sender";
  private static final String RUNS = TASKS + "/verified/runs";

  private final ScriptedModel model = new ScriptedModel();

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
  void aBearerIsVerifiedAndMayNameItsRunAndAnEventIsUnderstood() {
    String url = url("verified", "bear", "bearer", List.of());
    refused(json(url, "{}", Map.of("Authorization", "Bearer " + SECRET)), "secret")
        .then()
        .header("WWW-Authenticate", startsWith("Bearer"));
    make("verified", "bear", "bearer", List.of(SECRET)).then().statusCode(200);
    refused(
            json(url, "{}", Map.of("Authorization", "Bearer another-secret-of-1234")),
            "The secret in the header authorization is not a secret of this trigger.")
        .then()
        .body("title", equalTo("The signature or token was refused"))
        .body("detail", not(containsString("ignature")));
    Map<String, String> fields = new HashMap<>(Map.of("Authorization", "Bearer " + SECRET));

    String event =
        "{\"specversion\":\"1.0\",\"id\":\"A234-1234-1234\",\"source\":\"/mycontext\","
            + "\"type\":\"com.example.someevent\",\"data\":{\"appinfoA\":\"abc\"}}";
    assertEquals(
        "A234-1234-1234",
        run(
            post(
                url,
                "application/cloudevents+json",
                event.getBytes(StandardCharsets.UTF_8),
                fields)));
    api()
        .get(RUNS + "/A234-1234-1234")
        .then()
        .body("parameters", equalTo(Map.of("appinfoA", "abc")))
        .body("trigger.event.source", equalTo("/mycontext"))
        .body("trigger.event.type", equalTo("com.example.someevent"));
    problem(
        post(url, "application/cloudevents+json", "[]".getBytes(StandardCharsets.UTF_8), fields),
        400,
        "malformed_json");

    fields.putAll(Map.of("ce-specversion", "1.0", "ce-id", "binary-1", "ce-source", "s"));
    fields.put("ce-type", "t");
    assertEquals("binary-1", run(json(url, "{\"a\":1}", fields)));
    fields.put("run-id", "mine");
    assertEquals("mine", run(json(url, "{\"a\":1}", fields)));
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
