package dev.errand.runs.provider;

import static dev.errand.support.Api.api;
import static dev.errand.support.ScriptedModel.error;
import static dev.errand.support.ScriptedModel.models;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.base.database.Sql;
import dev.errand.support.ScriptedModel;
import dev.errand.support.ScriptedModel.Answer;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A check of a provider says in a sentence whether server, key and model are right. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class ProviderCheckTest {
  private static final String PROVIDER = "/api/users/~/providers/checked";
  private static final String KEY = "sk-the-key-of-a-check-4321";

  private final ScriptedModel model = new ScriptedModel();

  @Inject Sql sql;

  @AfterEach
  void tidyUp() {
    api().delete(PROVIDER);
    model.close();
  }

  private JsonPath check(String url, String key) {
    api()
        .body(
            "{\"runner\": \"openai\", \"openai\": {\"model\": \"gpt-4o\", \"base_url\": \"%s\"},"
                    .formatted(url)
                + " \"settings\": {\"key\": \"%s\"}}".formatted(key))
        .put(PROVIDER);
    JsonPath checked = api().post(PROVIDER + "/check").then().statusCode(200).extract().jsonPath();
    assertFalse(checked.prettify().contains(key), checked::prettify);
    return checked;
  }

  @Test
  void aRightKeyIsTakenAndTheModelsAreListed() {
    model.catalog(
        request ->
            request.authorization().equals("Bearer " + KEY)
                ? models(
                    Stream.concat(
                            IntStream.range(0, 200).mapToObj(number -> "other-" + number),
                            Stream.of("gpt-4o"))
                        .toList())
                : error(401, "invalid_api_key", "Incorrect API key: " + KEY));
    JsonPath good = check(model.url() + "/", KEY);
    assertTrue(good.getBoolean("ok"));
    assertTrue(good.getBoolean("has_model"));
    assertEquals(100, good.getList("models").size());
    assertEquals(Map.of("id", "gpt-4o"), good.getMap("model"), "it says no more");
    assertTrue(good.getString("message").contains("accepts the key and has the model gpt-4o"));

    JsonPath wrong = check(model.url(), "sk-a-wrong-key");
    assertFalse(wrong.getBoolean("ok"));
    assertFalse(wrong.getBoolean("has_model"));
    assertEquals(List.of(), wrong.getList("models"));
    assertFalse(wrong.prettify().contains("\"model\""), wrong::prettify);
    assertTrue(wrong.getString("message").contains("rejects the key (status 401)"));
  }

  @Test
  void modelsAreListedAndKeptForAMinute() {
    model.catalog(
        request -> models(IntStream.range(0, 1200).mapToObj(number -> "m-" + number).toList()));
    var _ = check(model.url(), KEY);
    List<String> listed =
        api().get(PROVIDER + "/models").then().statusCode(200).extract().path("models");
    assertEquals(1000, listed.size());
    assertEquals("m-0", listed.getFirst());
    model.catalog(request -> error(401, "invalid_api_key", "Incorrect API key: " + KEY));
    api().get(PROVIDER + "/models").then().statusCode(200);
    // A provider that is stored anew is asked anew.
    JsonPath checked = check(model.url(), KEY + "-2");
    assertFalse(checked.getBoolean("ok"));
    JsonPath problem = api().get(PROVIDER + "/models").then().statusCode(502).extract().jsonPath();
    assertEquals("provider_failed", problem.getString("code"));
    assertTrue(problem.getString("detail").contains("rejects the key"), problem::prettify);
    assertFalse(problem.prettify().contains(KEY), problem::prettify);
    api().get("/api/users/~/providers/nowhere/models").then().statusCode(404);
  }

  @Test
  void aModelThatIsNotListedIsNamed() {
    model.catalog(request -> models(List.of("a", "b")));
    JsonPath checked = check(model.url(), KEY);
    assertTrue(checked.getBoolean("ok"));
    assertFalse(checked.getBoolean("has_model"));
    assertTrue(
        checked
            .getString("message")
            .contains("gpt-4o is not among the 2 that it lists: check openai.model"),
        checked.getString("message"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "404 | Not here | has no list of models",
        "200 | <html> | did not answer with a list",
        "200 | {\"data\": \"sk-the-key-of-a-check-4321\"} | did not answer with a list",
        "200 | {\"data\": [{\"id\": \"sk-the-key-of-a-check-4321\"}]} | not among the 0",
        "302 | | status 302",
        "418 | sk-the-key-of-a-check-4321 | status 418",
        "429 | | limits the rate",
        "503 | sk-the-key-of-a-check-4321 | failed (status 503)",
        "0 | | could not be reached, or the connection was cut"
      })
  void failuresAreReported(int status, String body, String sentence) {
    model.catalog(request -> new Answer(status, body == null ? "" : body));
    String message = check(model.url(), KEY).getString("message");
    assertTrue(message.contains(sentence), message);
  }

  @Test
  void aServerThatMayNotBeCalledIsNotAsked() {
    var _ = check(model.url(), KEY);
    // Without its key, which would not open for that server.
    sql.statement(
            """
            UPDATE provider SET base_url = 'http://10.0.0.1/v1', key_sealed = NULL, key_hint = NULL
            WHERE name = 'checked'
            """)
        .run();
    String message = api().post(PROVIDER + "/check").jsonPath().getString("message");
    assertTrue(message.contains("10.0.0.1 was not asked"), message);
    assertTrue(message.contains("ERRAND_EGRESS_ALLOW"), message);
  }

  @Test
  void anEndlessListIsNotRead() {
    model.catalog(
        request ->
            new Answer(
                200,
                "",
                Map.of(),
                out -> {
                  byte[] piece = new byte[65_536];
                  while (true) {
                    out.write(piece);
                  }
                },
                false));
    JsonPath checked = check(model.url(), KEY);
    assertFalse(checked.getBoolean("ok"));
    assertTrue(checked.getString("message").contains("was not read"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "http://no-such-host.invalid/v1 | could not be reached",
        "http://127.0.0.1:1/v1 | could not be reached"
      })
  void aServerThatIsNotThereIsSaidToBe(String url, String sentence) {
    String message = check(url, KEY).getString("message");
    assertTrue(message.contains(sentence), message);
  }
}
