package dev.errand.automation.callback;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.problem;
import static dev.errand.support.Api.register;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import dev.errand.automation.delivery.Receiver;
import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class CallbackInputTest {
  private static final String KEY = "sk-a-key-for-tests-1234";
  private static final String CALLBACKS = TASKS + "/told/callbacks";

  private final ScriptedModel model = new ScriptedModel();
  private final Receiver receiver = new Receiver();

  @AfterEach
  void stop() {
    api().delete(TASKS + "/told?force=true");
    receiver.close();
    model.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}|.url|invalid_input",
        "{\"url\":\"/relative\"}|.url|invalid_input",
        "{\"url\":\"ftp://a.example/\"}|.url|invalid_input",
        "{\"url\":\"https://user:pass@a.example/\"}|.url|invalid_input",
        "{\"url\":\"https://a.example/#x\"}|.url|invalid_input",
        "{\"url\":\"http://169.254.169.254/\"}|.url|egress_refused",
        "{\"url\":\"http://10.0.0.1/\"}|.url|egress_refused",
        "{\"url\":\"https://a.example/\",\"events\":[]}|.events|invalid_input",
        "{\"url\":\"https://a.example/\",\"events\":[\"run.begun\"]}|.events[0]|invalid_input",
        "{\"url\":\"https://a.example/\",\"include\":[\"results\"]}|.include[0]|invalid_input",
        "{\"url\":\"https://a.example/\",\"events\":[null]}|.events[0]|invalid_input",
        "{\"url\":\"https://a.example/\",\"include\":[null]}|.include[0]|invalid_input",
        "{\"url\":\"https://a.example/\",\"include\":\"output\"}|.include|invalid_input",
        "{\"url\":\"https://a.example/\",\"secret\":\"short\"}|.secret|invalid_input",
        "{\"url\":\"https://a.example/\",\"secrets\":[null]}|.secrets|invalid_input",
        "{\"url\":\"https://a.example/\",\"colour\":1}|.colour|invalid_input",
        "\"https://a.example/\"|''|invalid_input",
        "null|''|invalid_input",
      })
  void invalidCallbacksAreNamedAndNothingIsChanged(String callback, String field, String code) {
    problem(
            api()
                .body(
                    "{\"runner\":\"openai\",\"openai\":{\"prompt\":\"p\",\"model\":\"m\"},"
                        + "\"settings\":{\"key\":\"sk-a\",\"callbacks\":["
                        + callback
                        + "]}}")
                .put(TASKS + "/told"),
            400,
            code)
        .then()
        .body("errors[0].field", equalTo("settings.callbacks[0]" + field));
    problem(api().get(TASKS + "/told"), 404, "task_not_found");
  }

  @Test
  void urlsAreUniqueAndAtMostTen() {
    Map<String, Object> one = Map.of("url", receiver.url("/"));
    problem(putAll(List.of(one, one)), 400, "invalid_input")
        .then()
        .body("errors[0].field", equalTo("settings.callbacks[1].url"));
    List<Map<String, Object>> eleven =
        IntStream.range(0, 11)
            .mapToObj(i -> Map.<String, Object>of("url", receiver.url("/" + i)))
            .toList();
    problem(putAll(eleven), 400, "invalid_input");
    putAll(eleven.subList(0, 10)).then().statusCode(201);
    api().get(CALLBACKS).then().body("url", hasSize(10));
  }

  private Response putAll(List<Map<String, Object>> callbacks) {
    return register("told", "Hello", model, Map.of("key", KEY, "callbacks", callbacks));
  }
}
