package dev.errand.runs.provider;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.LoggedAtTrace.linesWith;
import static dev.errand.support.ScriptedModel.models;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.base.database.Sql;
import dev.errand.support.LoggedAtTrace;
import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The key of a provider is in no log, no answer and no row of the database. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
@TestProfile(LoggedAtTrace.class)
class ProviderSecretsTest {
  private static final String PROVIDER = "/api/users/~/providers/secret";
  // It has no prefix that would tell that it is a key.
  private static final String KEY = "JustSomeLettersOfTheVendor7731";

  @Inject Sql sql;

  @Test
  void noKeyIsInTheLogOrTheDatabase() {
    try (ScriptedModel model = new ScriptedModel()) {
      model.catalog(
          request ->
              request.authorization().equals("Bearer " + KEY)
                  ? models(List.of("gpt-4o"))
                  : ScriptedModel.error(401, "invalid", "No: " + request.authorization()));
      String body =
          "{\"runner\": \"openai\", \"openai\": {\"model\": \"gpt-4o\", \"base_url\": \"%s\"}, \"settings\": {\"key\": \"%s\"}}"
              .formatted(model.url(), KEY);
      String answers =
          api().body(body).put(PROVIDER).asString()
              + api().body(body.replace("openai\":", "opnai\":")).put(PROVIDER).asString()
              + api().body(body + "}").put(PROVIDER).asString()
              + api().get(PROVIDER).asString();
      api().post(PROVIDER + "/check").then().body("has_model", equalTo(true));
      api()
          .body("{\"provider\": \"~/secret\", \"openai\": {\"prompt\": \"Hello\"}}")
          .put(TASKS + "/secretive")
          .then()
          .statusCode(201);
      answers += api().put(TASKS + "/secretive/runs/one?wait=60").asString();
      assertTrue(answers.contains("\"status\":\"ready\""), answers);
      assertFalse(answers.contains(KEY), answers);
      assertEquals(
          List.of(),
          sql.statement("SELECT name FROM provider WHERE position(:key IN provider::text) > 0")
              .with("key", KEY)
              .list(row -> row.text("name")));
      api().delete(TASKS + "/secretive?force=true").then().statusCode(204);
      api().delete(PROVIDER).then().statusCode(204);
      given().get("/sign-in?last=provider");
      LoggedAtTrace.awaitRequest("last=provider");
      assertEquals(List.of(), linesWith(KEY), "lines of the log");
    }
  }
}
