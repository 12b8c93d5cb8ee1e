package dev.errand.models.responses;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.ended;
import static dev.errand.support.Api.trigger;
import static dev.errand.support.ScriptedModel.calls;
import static dev.errand.support.ScriptedModel.error;
import static dev.errand.support.ScriptedModel.say;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.support.Events;
import dev.errand.support.ScriptedModel;
import dev.errand.support.ScriptedModel.Answer;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A response that comes in events is the same response. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class ResponsesStreamTest {
  private static final String MESSAGE =
      "{\"type\":\"response.output_item.done\",\"output_index\":0,\"item\":{\"type\":\"message\","
          + "\"id\":\"m\",\"content\":[{\"type\":\"output_text\",\"text\":\"Half and half.\"}]}}";
  private static final String END =
      "{\"type\":\"response.completed\",\"response\":{\"status\":\"completed\"}}";

  @TestHTTPResource URI server;

  private final ScriptedModel model = new ScriptedModel();
  private final String task = "responses" + UUID.randomUUID();

  @AfterEach
  void stop() {
    api().delete(TASKS + "/" + task + "?force=true");
    model.close();
  }

  private void register(Map<String, Object> settings) {
    Map<String, Object> all = new HashMap<>(settings);
    all.put("key", "sk-a-key-for-tests-1234");
    Map<String, Object> ofRunner =
        Map.of("prompt", "Hello", "model", "gpt-5", "base_url", model.url(), "stream", true);
    api()
        .body(Map.of("runner", "responses", "responses", ofRunner, "settings", all))
        .put(TASKS + "/" + task)
        .then()
        .statusCode(201);
  }

  private JsonPath run(Map<String, Object> settings) {
    register(settings);
    trigger(task, "r", Map.of()).then().statusCode(201);
    return ended(task, "r");
  }

  @Test
  void callsAndReasoningOfAStreamGoBackAsTheyCame() {
    model.script(
        request ->
            request.size() == 1
                ? calls(
                    List.of(
                        List.of("a", "calc_calculate", "{\"expression\":\"6*7\"}"),
                        List.of("b", "none", "{}")))
                : say("It is 42: ✓."));
    JsonPath run = run(Map.of());

    assertEquals("It is 42: ✓.", run.getString("output"), run.prettify());
    assertTrue(model.requests().getFirst().sent().path("stream").booleanValue());
    assertEquals("42", model.requests().getLast().body().at("/messages/2/content").asText());
    assertEquals("b", model.requests().getLast().body().at("/messages/3/tool_call_id").asText());
    assertEquals(30, run.getInt("usage.total_tokens"));
    assertTrue(run.getDouble("usage.cost_usd") > 0, run.prettify());
  }

  @Test
  void watchersReadAlongWhileTheModelWrites() {
    CountDownLatch watched = new CountDownLatch(1);
    CountDownLatch read = new CountDownLatch(1);
    model.script(
        request ->
            Answer.stream(
                out -> {
                  await(watched);
                  write(out, delta("Half "));
                  await(read);
                  write(out, delta("and half."), MESSAGE, END);
                }));
    register(Map.of());
    trigger(task, "r", Map.of()).then().statusCode(201);
    URI address = server.resolve(TASKS + "/" + task + "/runs/r/events");
    try (Events events = Events.of(address, null)) {
      events.await(come -> !come.named("entry").isEmpty());
      watched.countDown();
      // The first half is here before the model has written the second.
      events.await(come -> come.named("delta").stream().anyMatch(e -> e.data().contains("Half ")));
      read.countDown();
      events.await(come -> !come.named("end").isEmpty());
    } finally {
      watched.countDown();
      read.countDown();
    }

    assertEquals("Half and half.", ended(task, "r").getString("output"));
  }

  private static void await(CountDownLatch latch) {
    try {
      boolean _ = latch.await(1, TimeUnit.MINUTES);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void aStreamThatIsCutIsAskedForAgain() {
    model.script(
        request ->
            switch (model.requests().size()) {
              case 1 -> stream(delta("Half"), MESSAGE).thenCut();
              case 2 -> stream(delta("Half"), MESSAGE, "[DONE]");
              default -> say("All of it.");
            });
    JsonPath run = run(Map.of());

    assertEquals("All of it.", run.getString("output"), run.prettify());
    assertEquals(List.of(1, 2), run.getList("results.findAll { it.level == 40 }.try"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "{'type':'error','code':'rate_limit_exceeded','message':'Slowly.'}|model_unavailable|429",
        "{'type':'error','error':{'code':'insufficient_quota'}}|quota_exceeded|billing",
        "{'error':{'code':502,'message':'Upstream.'}}|model_unavailable|502",
        "{'type':'response.failed','response':{'error':{'code':'server_error','message':'Oh.'}}}|model_unavailable|Oh.",
        "{'type':'response.failed','response':{'status':'failed','error':{'code':'bio_policy'}}}|model_refused|400",
        "{'type':'response.completed','response':{}}|model_answer_invalid|/v1",
        "no json|model_answer_invalid|/v1",
      })
  void anErrorWithinAStreamIsOne(String event, String code, String told) {
    model.script(request -> stream(delta("Half"), event.replace('\'', '"')));
    JsonPath run = run(Map.of("max_attempts", 1));

    assertEquals(code, run.getString("error.code"), run.prettify());
    assertTrue(run.getString("error.message").contains(told), run.getString("error.message"));
  }

  @Test
  void anErrorInPlaceOfAStreamIsOne() {
    model.script(request -> error(401, "invalid_api_key", "Who?"));

    assertEquals("key_refused", run(Map.of()).getString("error.code"));
  }

  @Test
  void aStreamThatNeverStopsIsCutOff() {
    String piece = "data: " + delta("x".repeat(60_000)) + "\n\n";
    model.script(
        request ->
            Answer.stream(
                out -> {
                  for (int i = 0; i < 10_000; i++) {
                    out.write(piece.getBytes(StandardCharsets.UTF_8));
                    out.flush();
                  }
                }));
    JsonPath run = run(Map.of());

    assertEquals("model_answer_invalid", run.getString("error.code"), run.prettify());
    assertTrue(run.getString("error.message").contains("responses.max_output_tokens"));
    assertEquals(1, model.requests().size());
  }

  private static String delta(String text) {
    return "{\"type\":\"response.output_text.delta\",\"output_index\":0,\"delta\":\""
        + text
        + "\"}";
  }

  private static Answer stream(String... events) {
    return Answer.stream(out -> write(out, events));
  }

  private static void write(OutputStream out, String... events) throws IOException {
    for (String event : events) {
      out.write((": a comment\ndata: " + event + "\n\n").getBytes(StandardCharsets.UTF_8));
      out.flush();
    }
  }
}
