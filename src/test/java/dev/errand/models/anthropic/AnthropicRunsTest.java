package dev.errand.models.anthropic;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.ended;
import static dev.errand.support.Api.trigger;
import static dev.errand.support.ScriptedModel.call;
import static dev.errand.support.ScriptedModel.calls;
import static dev.errand.support.ScriptedModel.error;
import static dev.errand.support.ScriptedModel.say;
import static dev.errand.support.Servlets.publish;
import static dev.errand.support.Servlets.wasm;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.errand.base.json.Json;
import dev.errand.models.loop.LoopRuns;
import dev.errand.support.Api;
import dev.errand.support.Events;
import dev.errand.support.Eventually;
import dev.errand.support.ScriptedModel;
import dev.errand.support.ScriptedModel.Answer;
import dev.errand.support.TestDatabase;
import dev.errand.support.WithRunner;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import jakarta.inject.Inject;
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
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Runs of the runner {@code anthropic}. The scripted model checks each request as the vendor does,
 * and refuses thinking where anything before it has changed.
 */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
@WithRunner("anthropic")
class AnthropicRunsTest {
  private static final String INSTALLATIONS = "/api/profiles/~/default/installations";
  private static final String PROVIDER = "/api/users/~/providers/claude";
  private static final String PAUSED =
      """
      {"type": "message", "model": "m", "stop_reason": "pause_turn", "content": [
        {"type": "server_tool_use", "id": "srvtoolu_1", "name": "web_search", "input": {}},
        {"type": "text", "text": "I search."}]}""";

  @TestHTTPResource URI server;
  @Inject Json json;

  private final ScriptedModel model = new ScriptedModel();
  private final String task = "claude" + UUID.randomUUID();

  @AfterEach
  void stop() {
    api().delete(TASKS + "/" + task + "?force=true");
    api().delete(INSTALLATIONS + "/kinds");
    api().delete(PROVIDER);
    model.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/", "/v1", "/v1/"})
  void aTaskNamesItsServerWithItsVersionOrWithoutIt(String end) {
    String server = model.url().replace("/v1", end);
    JsonPath run = run(Map.of("prompt", "Hello", "model", "m", "base_url", server));

    assertEquals("Done.", run.getString("output"), run.prettify());
    assertEquals("Bearer " + LoopRuns.KEY, model.requests().getFirst().authorization());
  }

  @Test
  void aConversationOfSeveralTurnsGoesBackAsItWas() {
    install();
    model.script(
        request ->
            switch (model.requests().size()) {
              case 1 ->
                  calls(
                      List.of(
                          List.of("a", "calc_calculate", "{\"expression\":\"1+1\"}"),
                          List.of("b", "kinds_probe", "{}"),
                          List.of("c", "none", "{}")));
              case 2 -> call("d", "calc_calculate", "{\"expression\":");
              case 3 -> new Answer(200, PAUSED);
              case 4 -> call("e", "calc_calculate", "{\"expression\":\"2*21\"}");
              default -> say("It is 42.");
            });
    JsonPath run =
        run(
            Map.of(
                "prompt", "Hello", "model", "m", "system", "Be brief.", "base_url", model.url()));

    assertEquals("It is 42.", run.getString("output"), run.prettify());
    assertEquals(5, model.requests().size());
    JsonNode sent = model.requests().getLast().sent();
    assertEquals("Be brief.", sent.at("/system/0/text").asText());
    JsonNode results = sent.at("/messages/2/content");
    assertEquals(
        List.of("a", "b", "c"),
        results.valueStream().map(block -> block.path("tool_use_id").asText()).toList());
    assertEquals("2", results.at("/0/content").asText());
    assertEquals("image", results.at("/1/content/1/type").asText());
    assertEquals("AAAA", results.at("/1/content/1/source/data").asText());
    assertTrue(results.at("/2/is_error").asBoolean());
    // The call whose arguments are no JSON comes back as one, and its result says what was wrong.
    assertEquals("{}", sent.at("/messages/3/content/2/input").toString());
    assertTrue(sent.at("/messages/4/content/0/is_error").asBoolean());
    // What was paused and what came then are one message.
    assertEquals("server_tool_use", sent.at("/messages/5/content/0/type").asText());
    assertEquals("e", sent.at("/messages/6/content/0/tool_use_id").asText());
    assertEquals(7, sent.path("messages").size());
    assertEquals(3, sent.findValues("cache_control").size());
  }

  @Test
  void aRunThatIsTakenUpAgainGoesOnWithWhatIsStored() {
    model.script(
        request ->
            switch (model.requests().size()) {
              case 1 -> call("a", "none", "{}");
              case 2 -> call("b", "none", "{}");
              case 3 -> error(400, "invalid_request_error", "Not now.");
              default -> say("Done.");
            });
    JsonPath failed = run(Map.of("prompt", "Hello", "model", "m", "base_url", model.url()));
    assertEquals("model_refused", failed.getString("error.code"), failed.prettify());
    api().post(TASKS + "/" + task + "/runs/r/retry").then().statusCode(202);
    JsonPath run = ended(task, "r");

    assertEquals("Done.", run.getString("output"), run.prettify());
    assertEquals(model.requests().get(2).sent(), model.requests().get(3).sent());
  }

  @Test
  void aRunIsCancelledWhileTheModelThinks() {
    CountDownLatch cancelled = new CountDownLatch(1);
    model.script(
        request -> {
          await(cancelled);
          return say("Too late.");
        });
    register(Map.of("prompt", "Hello", "model", "m", "base_url", model.url()));
    trigger(task, "r", Map.of()).then().statusCode(201);
    Eventually.await("the request", () -> !model.requests().isEmpty());
    api().post(TASKS + "/" + task + "/runs/r/cancel").then().statusCode(200);
    JsonPath run = ended(task, "r");
    cancelled.countDown();

    assertEquals("cancelled", run.getString("error.code"), run.prettify());
  }

  @Test
  void aRefusalIsShown() {
    model.script(
        request ->
            new Answer(
                200,
                """
                {"type": "message", "content": [], "stop_reason": "refusal",
                 "stop_details": {"category": "bio", "explanation": "It may harm."}}"""));
    JsonPath run = run(Map.of("prompt", "Hello", "model", "m", "base_url", model.url()));

    assertEquals("ready", run.getString("status"), run.prettify());
    assertEquals("It may harm.", run.getString("output"));
    assertEquals("refusal", run.getString("finish_reason"));
    assertTrue(run.prettify().contains("for the reason bio"), run.prettify());
  }

  @Test
  void theRequestBehindAnEntryIsShown() {
    model.script(request -> request.size() == 1 ? call("a", "none", "{}") : say("Done."));
    var _ = run(Map.of("prompt", "Hello", "model", "m", "base_url", model.url()));
    JsonNode shown =
        json.tree(
            api()
                .body("{\"parameters\": {}}")
                .post(TASKS + "/" + task + "/preview")
                .then()
                .statusCode(200)
                .extract()
                .asString());

    assertEquals(model.url() + "/messages", shown.at("/request/url").asText(), shown.toString());
    assertEquals("$MODEL_KEY", shown.at("/request/headers/x-api-key").asText());
    assertEquals(model.requests().getFirst().sent(), shown.at("/request/body"));
  }

  @Test
  void aProviderIsToldWhatItsModelCanDo() {
    model.catalog(
        request ->
            request.authorization().equals("Bearer a-key")
                ? new Answer(
                    200,
                    """
                    {"data": [{"type": "model", "id": "claude-x", "max_input_tokens": 1000000,
                               "max_tokens": 64000}], "has_more": false}""")
                : error(401, "authentication_error", "invalid x-api-key"));
    JsonPath checked = check(Map.of("model", "claude-x", "base_url", model.url()), "a-key");
    assertTrue(checked.getBoolean("ok"), checked.prettify());
    assertEquals(
        Map.of("id", "claude-x", "max_input_tokens", 1000000, "max_output_tokens", 64000),
        checked.getMap("model"));
    assertFalse(checked.getString("message").contains("max_tokens"), checked.prettify());

    JsonPath tooLong =
        check(Map.of("model", "claude-x", "base_url", model.url(), "max_tokens", 70000), "a-key");
    assertTrue(tooLong.getBoolean("ok"));
    assertTrue(
        tooLong
            .getString("message")
            .endsWith("at most 64000 tokens: anthropic.max_tokens is 70000, set it lower."),
        tooLong.getString("message"));
    assertTrue(
        check(Map.of("model", "claude-x", "base_url", model.url()), "another")
            .getString("message")
            .contains("rejects the key"));
  }

  @Test
  void whatAModelRefusesIsRefusedOfATaskAndOfAProvider() {
    Map<String, Object> wrong =
        Map.of("prompt", "p", "model", "claude-opus-5-5", "temperature", 0.2);
    Api.problem(
        api().body(Api.task(wrong, Map.of("key", "a-key"))).put(TASKS + "/" + task),
        400,
        "invalid_input");
    check(Map.of("model", "claude-opus-5-5", "base_url", model.url()), "a-key");
    // Only together with its provider is the task wrong.
    Api.problem(
        api()
            .body(
                Map.of(
                    "provider",
                    "~/claude",
                    "anthropic",
                    Map.of("prompt", "p", "thinking", Map.of("type", "disabled"))))
            .put(TASKS + "/" + task),
        400,
        "invalid_input");
  }

  @Test
  void watchersReadTheTextAlong() {
    CountDownLatch watched = new CountDownLatch(1);
    CountDownLatch read = new CountDownLatch(1);
    model.script(
        request ->
            Answer.stream(
                out -> {
                  await(watched);
                  write(
                      out,
                      "{'type':'message_start','message':{'type':'message','role':'assistant'}}",
                      "{'type':'content_block_start','index':0,'content_block':{'type':'thinking','thinking':'','signature':''}}",
                      "{'type':'content_block_delta','index':0,'delta':{'type':'thinking_delta','thinking':'Aside.'}}",
                      "{'type':'content_block_start','index':1,'content_block':{'type':'text','text':''}}",
                      "{'type':'content_block_delta','index':1,'delta':{'type':'text_delta','text':'Half '}}");
                  await(read);
                  write(
                      out,
                      "{'type':'ping'}",
                      "{'type':'content_block_delta','index':1,'delta':{'type':'text_delta','text':'and half.'}}",
                      "{'type':'message_delta','delta':{'stop_reason':'end_turn'},'usage':{'output_tokens':5}}",
                      "{'type':'message_stop'}");
                }));
    LoopRuns.registerStreaming(task, model, Map.of("key", LoopRuns.KEY));
    trigger(task, "r", Map.of()).then().statusCode(201);
    URI address = server.resolve(TASKS + "/" + task + "/runs/r/events");
    try (Events events = Events.of(address, null)) {
      events.await(come -> !come.named("entry").isEmpty());
      watched.countDown();
      events.await(come -> come.named("delta").stream().anyMatch(e -> e.data().contains("Half ")));
      assertTrue(events.named("delta").stream().noneMatch(e -> e.data().contains("Aside")));
      read.countDown();
      events.await(come -> !come.named("end").isEmpty());
    } finally {
      watched.countDown();
      read.countDown();
    }

    assertEquals("Half and half.", ended(task, "r").getString("output"));
    assertTrue(model.requests().getFirst().sent().path("stream").asBoolean());
  }

  @ParameterizedTest
  @CsvSource({"true", "false"})
  void aStreamThatEndsBeforeTheMessageIsAskedForAgain(boolean isCut) {
    Answer half =
        Answer.stream(
            out ->
                write(
                    out,
                    "{'type':'message_start','message':{'type':'message'}}",
                    "{'type':'content_block_start','index':0,'content_block':{'type':'text','text':'Half'}}",
                    "{'type':'message_delta','delta':{'stop_reason':'end_turn'}}"));
    model.script(
        request -> model.requests().size() > 1 ? say("All of it.") : isCut ? half.thenCut() : half);
    JsonPath run = LoopRuns.stream(model, Map.of());

    assertEquals("All of it.", run.getString("output"), run.prettify());
    assertEquals("model_unavailable", run.getString("results[1].code"));
  }

  @Test
  void anErrorInAStreamIsAFailedTry() {
    model.script(
        request ->
            model.requests().size() > 1
                ? say("At last.")
                : Answer.stream(
                    out ->
                        write(
                            out,
                            "{'type':'message_start','message':{'type':'message'}}",
                            "{'type':'error','error':{'type':'overloaded_error','message':'Overloaded'}}")));
    JsonPath run = LoopRuns.stream(model, Map.of());

    assertEquals("At last.", run.getString("output"), run.prettify());
    assertTrue(
        run.getString("results[1].msg").contains("failed (status 529). It said: Overloaded"),
        run.prettify());
  }

  private JsonPath run(Map<String, Object> ofRunner) {
    register(ofRunner);
    trigger(task, "r", Map.of()).then().statusCode(201);
    return ended(task, "r");
  }

  private void register(Map<String, Object> ofRunner) {
    api()
        .body(Api.task(ofRunner, Map.of("key", LoopRuns.KEY)))
        .put(TASKS + "/" + task)
        .then()
        .statusCode(201);
  }

  private JsonPath check(Map<String, Object> ofRunner, String key) {
    Map<String, Object> body = new HashMap<>();
    body.put("runner", "anthropic");
    body.put("anthropic", ofRunner);
    body.put("settings", Map.of("key", key));
    assertTrue(api().body(body).put(PROVIDER).statusCode() < 300);
    return api().post(PROVIDER + "/check").then().statusCode(200).extract().jsonPath();
  }

  private static void install() {
    publish("admin/kinds", "visibility=private", wasm("output_kinds")).then();
    api()
        .body(Map.of("servlet_slug", "admin/kinds", "name", "kinds"))
        .post(INSTALLATIONS)
        .then()
        .statusCode(201);
  }

  private static void await(CountDownLatch latch) {
    try {
      boolean _ = latch.await(1, TimeUnit.MINUTES);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void write(OutputStream out, String... events) throws IOException {
    for (String event : events) {
      out.write(
          ("event: x\ndata: " + event.replace('\'', '"') + "\n\n")
              .getBytes(StandardCharsets.UTF_8));
      out.flush();
    }
  }
}
