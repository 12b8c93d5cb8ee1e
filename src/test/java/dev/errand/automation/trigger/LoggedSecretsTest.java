package dev.errand.automation.trigger;

import static dev.errand.automation.trigger.Hooks.json;
import static dev.errand.automation.trigger.Hooks.url;
import static dev.errand.support.Api.SESSION;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.ended;
import static dev.errand.support.Api.register;
import static dev.errand.support.LoggedAtTrace.linesWith;
import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.errand.support.LoggedAtTrace;
import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Everything is logged, and no secret with it. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
@TestProfile(LoggedAtTrace.class)
class LoggedSecretsTest {
  private static final String SECRET = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
  private static final String KEY = "sk-a-key-that-nobody-may-see";

  @Test
  void noSecretIsInTheLog() throws Exception {
    String token;
    try (ScriptedModel model = new ScriptedModel()) {
      register("logged", "Look", model, Map.of("key", KEY)).then().statusCode(201);
      String url = url("logged", "in", "bearer", List.of(SECRET));
      token = url.substring(url.lastIndexOf('/') + 1);
      Map<String, String> bearer = Map.of("Authorization", "Bearer " + SECRET);
      String run = Hooks.run(json(url, "{\"a\": 1}", bearer));
      json(url, "{\"a\": 1}", Map.of("Authorization", "Bearer wrong-" + SECRET))
          .then()
          .statusCode(401);
      json(url.replace("/hooks/", "/hook%73/./"), "{}", bearer);
      given().urlEncodingEnabled(false).get(url).then().statusCode(405);
      given().header("Authorization", "Bearer " + SESSION).get("/api/tasks");
      ended("logged", run);
      api().delete("/api/profiles/~/default/tasks/logged?force=true");
      given().get("/sign-in?last=hook");
    }
    LoggedAtTrace.awaitRequest("last=hook");
    assertFalse(linesWith("/hooks/***").isEmpty(), "The requests are in the log");
    for (String secret : List.of(token, SECRET, KEY, SESSION)) {
      assertEquals(List.of(), linesWith(secret), "lines of the log");
    }
  }
}
