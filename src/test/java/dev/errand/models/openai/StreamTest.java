package dev.errand.models.openai;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.ended;
import static dev.errand.support.Api.trigger;
import static dev.errand.support.ScriptedModel.say;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.errand.models.loop.LoopRuns;
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
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An answer that comes in pieces is the same answer. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class StreamTest {
  private static final String DONE = "[DONE]";
  private static final String USAGE =
      """
      {"choices": [], "usage": {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15,
       "prompt_tokens_details": {"cached_tokens": 4}}}""";

  @TestHTTPResource URI server;

  private final ScriptedModel model = new ScriptedModel();

  @AfterEach
  void stop() {
    model.close();
  }

  @Test
  void callsAndTextThatComeInPiecesAreTheMessage() {
    model.script(
        request ->
            request.size() == 1
                ? stream(
                    delta(
                        "{\"role\":\"assistant\",\"content\":null,\"reasoning_content\":\"Fir\"}"),
                    delta(
                        "{\"reasoning_content\":\"st.\",\"tool_calls\":[{\"index\":0,\"id\":\"a\","
                            + "\"type\":\"function\",\"function\":{\"name\":\"calc_calculate\","
                            + "\"arguments\":\"\"}}]}"),
                    delta(
                        "{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":"
                            + "\"{\\\"expression\\\":\"}},{\"index\":1,\"id\":\"b\",\"type\":"
                            + "\"function\",\"function\":{\"name\":\"none\",\"arguments\":\"{}\"}}]}"),
                    delta(
                        "{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"\\\"6*7\\\"}\"}}]}"),
                    USAGE.replace("\n", ""),
                    DONE)
                : stream(
                    delta("{\"role\":\"assistant\",\"content\":\"It is 4\"}"),
                    delta("{\"content\":\"2: ✓.\"}"),
                    USAGE.replace("\n", ""),
                    DONE));
    JsonPath run = LoopRuns.stream(model, Map.of());

    assertEquals("ready", run.getString("status"), run.prettify());
    assertEquals("It is 42: ✓.", run.getString("output"));
    JsonNode sent = model.requests().get(0).body();
    assertTrue(sent.path("stream").asBoolean());
    assertTrue(sent.at("/stream_options/include_usage").asBoolean());
    JsonNode messages = model.requests().get(1).body().path("messages");
    assertEquals("First.", messages.at("/1/reasoning_content").asText());
    assertEquals(
        "{\"expression\":\"6*7\"}", messages.at("/1/tool_calls/0/function/arguments").asText());
    assertFalse(messages.at("/1/tool_calls/0").has("index"), messages.toString());
    assertEquals("42", messages.at("/2/content").asText());
    assertEquals("b", messages.at("/3/tool_call_id").asText());
    assertEquals(30, run.getInt("usage.total_tokens"));
    assertEquals(8, run.getInt("usage.cached_tokens"));
    assertEquals(2, run.getInt("usage.tool_calls"));
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
                  write(out, delta("{\"content\":\"Half \"}"));
                  await(read);
                  write(out, delta("{\"content\":\"and half.\"}"), USAGE.replace("\n", ""), DONE);
                }));
    String task = "along" + UUID.randomUUID();
    LoopRuns.registerStreaming(task, model, Map.of("key", LoopRuns.KEY));
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
    JsonPath run = ended(task, "r");

    assertEquals("Half and half.", run.getString("output"), run.prettify());
    assertEquals(List.of("message", "final message"), run.getList("results.msg"));
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
            model.requests().size() == 1
                ? stream(delta("{\"content\":\"Half of \"}")).thenCut()
                : model.requests().size() == 2
                    ? stream(delta("{\"content\":\"Half of \"}"))
                    : stream(delta("{\"content\":\"All of it.\"}"), USAGE.replace("\n", ""), DONE));
    JsonPath run = LoopRuns.stream(model, Map.of());

    assertEquals("All of it.", run.getString("output"), run.prettify());
    assertEquals(List.of(1, 2), run.getList("results.findAll { it.level == 40 }.try"));
    assertEquals(4, run.getList("results").size(), run.prettify());
  }

  @Test
  void aStreamNeedsNoLastEventWhereTheMessageHasItsEnd() {
    model.script(
        request ->
            stream(
                "{\"choices\":[{\"delta\":{\"content\":\"Done.\"},\"finish_reason\":\"stop\"}]}"));

    assertEquals("Done.", LoopRuns.stream(model, Map.of()).getString("output"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "{\"error\":{\"code\":502,\"message\":\"Upstream.\"}}|model_unavailable|502",
        "{\"error\":{\"code\":\"server_error\",\"message\":\"Oh.\"}}|model_unavailable|"
            + "answered with status 200 and an error. It said: Oh.",
        "{\"error\":{\"code\":\"insufficient_quota\",\"message\":\"\"}}|quota_exceeded|billing",
        "{\"error\":{\"code\":401,\"message\":\"\"}}|key_refused|settings.key",
        "no json|model_answer_invalid|/v1",
      })
  void anErrorWithinAStreamIsOne(String event, String code, String told) {
    model.script(request -> stream(delta("{\"content\":\"Half\"}"), event));
    JsonPath run = LoopRuns.stream(model, Map.of("max_attempts", 1));

    assertEquals(code, run.getString("error.code"), run.prettify());
    assertTrue(run.getString("error.message").contains(told), run.getString("error.message"));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aStreamOfNoMessageIsNoAnswer(boolean counted) {
    model.script(request -> counted ? stream(USAGE.replace("\n", ""), DONE) : stream(DONE));
    JsonPath run = LoopRuns.stream(model, Map.of());

    assertEquals("model_answer_invalid", run.getString("error.code"), run.prettify());
    assertEquals(2, model.requests().size());
  }

  @Test
  void aMessageOfAStreamMayBeEmpty() {
    model.script(request -> stream(delta("{\"content\":\"\"}"), DONE));

    assertEquals("", LoopRuns.stream(model, Map.of()).getString("output"));
  }

  @Test
  void aServerThatDoesNotStreamIsReadAsItAnswers() {
    model.script(request -> say("At once."));

    assertEquals("At once.", LoopRuns.stream(model, Map.of()).getString("output"));
  }

  @Test
  void aStreamThatNeverStopsIsCutOff() {
    String piece = "data: " + delta("{\"content\":\"" + "x".repeat(60_000) + "\"}") + "\n\n";
    model.script(
        request ->
            Answer.stream(
                out -> {
                  for (int i = 0; i < 10_000; i++) {
                    out.write(piece.getBytes(StandardCharsets.UTF_8));
                    out.flush();
                  }
                }));
    JsonPath run = LoopRuns.stream(model, Map.of());

    assertEquals("model_answer_invalid", run.getString("error.code"), run.prettify());
    assertEquals(1, model.requests().size());
  }

  private static String delta(String delta) {
    return "{\"choices\":[{\"index\":0,\"delta\":" + delta + "}]}";
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
