package dev.errand.runs.task;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.problem;
import static dev.errand.support.Api.register;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("lambda")
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class TaskInputTest {
  private static final String KEY = "sk-a-key-for-tests-1234";
  private static final String GOOD = "{\"prompt\":\"p\",\"model\":\"m\"}";

  private final ScriptedModel model = new ScriptedModel();

  @AfterEach
  void stop() {
    model.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "sk with space", "sk-ü", "sk-\\n"})
  void aKeyThatNoHeaderCarriesIsRefused(String key) {
    problem(put("badkey", GOOD, "{\"key\":\"" + key + "\"}"), 400, "invalid_input")
        .then()
        .body("errors[0].field", equalTo("settings.key"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://10.0.0.1/v1",
        "http://169.254.169.254/",
        "http://[::1]:9/v1",
        "http://0.0.0.0/v1",
        "http://[::ffff:10.0.0.1]/v1",
        "http://192.168.1.1/v1",
        "http://a.example:99999/v1",
        "http://2130706433/v1",
        "http://0x7f.1/v1",
        "http://metadata.google.internal/v1",
      })
  void anEndpointThatMayNotBeCalledIsRefused(String url) {
    String openai = "{\"prompt\":\"p\",\"model\":\"m\",\"base_url\":\"" + url + "\"}";

    put("inside", openai, "{\"key\":\"" + KEY + "\"}")
        .then()
        .statusCode(400)
        .contentType("application/problem+json")
        .body("errors[0].field", equalTo("openai.base_url"));
    problem(api().get(TASKS + "/inside"), 404, "task_not_found");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a%20b", "a%2Fb", "%C3%BC", "a@b", "a%00", "%2E", "%2E%2E", "a%0A", "a:b", "a+b"})
  void aNameOfOtherCharactersIsRefused(String name) {
    Response answer = register(name, "Hello", model);

    assertTrue(Set.of(400, 404, 405).contains(answer.statusCode()), answer::asString);
    answer.then().contentType("application/problem+json").body("code", notNullValue());
  }

  @Test
  void aBodyIsRequiredAndIsJson() {
    problem(api().put(TASKS + "/empty"), 400, "invalid_input");
    problem(api().body("null").put(TASKS + "/empty"), 400, "invalid_input");
    problem(api().body("{").put(TASKS + "/empty"), 400, "malformed_json");
    problem(api().body("[]").put(TASKS + "/empty"), 400, "malformed_json");
    problem(api().body("{} x").put(TASKS + "/empty"), 400, "malformed_json");
    problem(
        api().contentType("text/plain").body("{}").put(TASKS + "/empty"),
        415,
        "unsupported_media_type");
  }

  private Response put(String task, String openai, String settings) {
    return api()
        .body("{\"runner\":\"openai\",\"openai\":" + openai + ",\"settings\":" + settings + "}")
        .put(TASKS + "/" + task);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "prompt|null",
        "prompt|\"\"",
        "prompt|\" \"",
        "prompt|5",
        "prompt|[\"a\"]",
        "prompt|\"{{> p}}\"",
        "prompt|\"{{a\"",
        "model|null",
        "model|\"\"",
        "model|1",
        "system|1",
        "system|\"{{#a}}\"",
        "temperature|-0.1",
        "temperature|2.1",
        "temperature|\"0.5\"",
        "temperature|true",
        "top_p|1.1",
        "top_p|-1",
        "top_p|[]",
        "max_completion_tokens|0",
        "max_completion_tokens|1.5",
        "max_completion_tokens|99999999999",
        "max_completion_tokens|\"5\"",
        "reasoning_effort|5",
        "response_format|\"json\"",
        "response_format|[]",
        "seed|1.5",
        "seed|\"1\"",
        "seed|99999999999999999999",
        "tool_choice|5",
        "tool_choice|[]",
        "parallel_tool_calls|\"true\"",
        "parallel_tool_calls|0",
        "base_url|5",
        "base_url|\"\"",
        "base_url|\"no url\"",
        "base_url|\"/v1\"",
        "base_url|\"file:///etc/passwd\"",
        "base_url|\"ftp://a.example/\"",
        "base_url|\"http://user:pw@a.example/v1\"",
        "base_url|\"https://a.example/v1?key=1\"",
      })
  void aValueOfOpenaiThatIsNotGoodIsNamed(String field, String value) {
    String good = field.equals("prompt") ? "\"model\":\"m\"" : "\"prompt\":\"p\"";
    String rest = field.equals("prompt") || field.equals("model") ? "" : ",\"model\":\"m\"";
    String openai = "{" + good + rest + ",\"" + field + "\":" + value + "}";

    problem(put("value", openai, "{\"key\":\"" + KEY + "\"}"), 400, "invalid_input")
        .then()
        .body("errors[0].field", equalTo("openai." + field));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "timeout|\"soon\"",
        "timeout|5",
        "timeout|\"PT0.5S\"",
        "timeout|\"PT25H\"",
        "timeout|\"-PT5M\"",
        "max_steps|0",
        "max_steps|1001",
        "max_steps|2.5",
        "max_steps|\"2\"",
        "max_steps|1e10",
        "max_tokens|0",
        "max_tokens|99999999999999999999",
        "max_cost_usd|0",
        "max_cost_usd|-1",
        "max_cost_usd|\"1\"",
        "max_tool_calls|-1",
        "max_attempts|0",
        "concurrency|0",
        "concurrency|[]",
        "overlap|\"none\"",
        "callbacks|5",
      })
  void aSettingThatIsNotGoodIsNamed(String field, String value) {
    String settings = "{\"key\":\"" + KEY + "\",\"" + field + "\":" + value + "}";

    problem(put("value", GOOD, settings), 400, "invalid_input")
        .then()
        .body("errors[0].field", equalTo("settings." + field));
  }

  @Test
  void plainDurationsAreTakenAndAnsweredAsIso() {
    put(
            "durations",
            GOOD,
            "{\"key\":\"" + KEY + "\",\"timeout\":\"1h30m\",\"approval_deadline\":\"1 week\"}")
        .then()
        .statusCode(201)
        .body("settings.timeout", equalTo("PT1H30M"))
        .body("settings.approval_deadline", equalTo("PT168H"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "{\"runner\":\"openai\",\"foo\":1}|foo",
        "{\"runner\":\"openai\",\"openai\":{\"prompt\":\"p\",\"model\":\"m\",\"foo\":1}}|openai.foo",
        "{\"runner\":\"openai\",\"openai\":{\"topP\":1}}|openai.topP",
        "{\"runner\":\"openai\",\"settings\":{\"foo\":1}}|settings.foo",
        "{\"runner\":\"openai\",\"settings\":{\"key_hint\":\"x\",\"foo\":1}}|settings.foo",
        "{\"runner\":\"none\"}|runner",
        "{}|runner",
        "{\"runner\":\"openai\"}|openai",
        "{\"runner\":5}|runner",
        "{\"runner\":\"openai\",\"openai\":[]}|openai",
        "{\"runner\":\"openai\",\"openai\":\"x\"}|openai",
        "{\"runner\":\"openai\",\"settings\":5}|settings",
        "{\"runner\":\"openai\",\"enabled\":\"yes\"}|enabled",
        "{\"runner\":\"openai\",\"enabled\":1}|enabled",
      })
  void unknownAndMistypedFieldsAreNamed(String body, String field) {
    problem(api().body(body).put(TASKS + "/wrong"), 400, "invalid_input")
        .then()
        .body("errors[0].field", equalTo(field))
        .body("detail", containsString(field));
  }
}
