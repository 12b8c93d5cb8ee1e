package dev.errand.models.loop;

import static dev.errand.support.ScriptedModel.call;
import static dev.errand.support.ScriptedModel.error;
import static dev.errand.support.ScriptedModel.say;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.support.Api;
import dev.errand.support.ScriptedModel;
import dev.errand.support.ScriptedModel.Answer;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class RunEndsTest {
  private final ScriptedModel model = new ScriptedModel();
  private final CountDownLatch released = new CountDownLatch(1);

  @AfterEach
  void stop() {
    released.countDown();
    model.close();
  }

  @ParameterizedTest
  @CsvSource({
    "401,invalid_api_key,key_refused,settings.key",
    "403,forbidden,key_refused,settings.key",
    "402,,quota_exceeded,billing",
    "404,model_not_found,model_not_found,{runner}.model",
    "404,,model_not_found,{runner}.base_url",
    "400,model_not_found,model_not_found,{runner}.model",
    "429,insufficient_quota,quota_exceeded,billing",
    "429,billing_not_active,quota_exceeded,billing",
    "429,rate_limit_exceeded,model_unavailable,429",
    "400,invalid_request_error,model_refused,400",
    "422,,model_refused,422",
    "302,,model_refused,302",
    "408,,model_unavailable,408",
    "500,server_error,model_unavailable,500",
    "503,,model_unavailable,503",
    "0,,model_unavailable,{runner}.base_url",
  })
  void anErrorOfTheModelEndsTheRunWithItsCode(
      int status, String said, String code, String sentence) {
    model.script(request -> error(status, said == null ? "" : said, "The provider's words."));
    JsonPath run = LoopRuns.run(model, Map.of("max_attempts", 1));

    assertEnded(run, code, sentence.replace("{runner}", Api.runner()));
    assertEquals(2, run.getList("results").size(), run.prettify());
    assertEquals(1, model.requests().size());
  }

  @Test
  void anAnswerThatNeverStopsIsCutOff() {
    String flood = "x".repeat(9 * 1024 * 1024);
    model.script(request -> say(flood));
    JsonPath run = LoopRuns.run(model, Map.of());

    assertEnded(run, "model_answer_invalid", "errand.model.max-answer");
    assertEquals(1, model.requests().size(), "it would be paid for again");
    model.script(request -> say("Short."));
    assertEquals("Short.", LoopRuns.run(model, Map.of()).getString("output"));
  }

  @Test
  void tokensBeyondAnyModelDoNotOverflowTheSums() {
    String most = Long.toString(Long.MAX_VALUE);
    model.script(
        request ->
            new Answer(
                200,
                call("c", "none", "{}")
                    .body()
                    .replace(":10,", ":" + most + ",")
                    .replace(":5,", ":" + most + ",")));
    JsonPath run = LoopRuns.run(model, Map.of("max_tokens", 10_000));

    assertEnded(run, "max_tokens", "settings.max_tokens");
    assertEquals(1, run.getInt("usage.steps"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<html><body>Welcome</body></html>",
        "",
        "{}",
        "[]",
        "null",
        "{\"choices\":[]}",
        "{\"choices\":[{\"message\":\"text\"}]}",
        "{\"choices\":[{\"message\":{\"tool_calls\":{}}}]}",
        "{\"choices\":[{\"message\":{\"tool_calls\":[{\"id\":\"a\"}]}}]}",
        "{\"choices\":[{\"message\":{\"tool_calls\":[5]}}]}",
        "{\"choices\":[{\"message\":{\"content\":5}}]}",
        "{\"choices\":[{\"message\":{\"content\":{\"a\":1}}}]}",
        "{\"choices\":[{\"message\":{\"content\":\"cut o",
      })
  void anAnswerThatIsNoCompletionEndsTheRun(String body) {
    model.script(request -> new Answer(200, body));

    assertEnded(
        LoopRuns.run(model, Map.of("max_attempts", 9)), "model_answer_invalid", "127.0.0.1");
    assertEquals(2, model.requests().size(), "what is no completion is asked for twice at most");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "{'error':{'message':'Pay.','type':'insufficient_quota','code':'insufficient_quota'}}|quota_exceeded|billing",
        "{'error':{'message':'Slowly.','code':429},'user_id':'u'}|model_unavailable|429",
        "{'error':{'message':'Upstream.','code':502},'choices':[]}|model_unavailable|Upstream.",
        "{'error':{'message':'Who?','code':401}}|key_refused|settings.key",
      })
  void anErrorWithTheStatusOfAnAnswerIsOne(String body, String code, String sentence) {
    model.script(request -> new Answer(200, body.replace('\'', '"')));

    assertEnded(LoopRuns.run(model, Map.of("max_attempts", 1)), code, sentence);
    JsonPath streamed = LoopRuns.stream(model, Map.of("max_attempts", 1));
    assertEnded(streamed, code, sentence);
  }

  @Test
  void anErrorBesideAMessageIsNone() {
    model.script(
        request ->
            new Answer(200, "{\"error\":{},\"choices\":[{\"message\":{\"content\":\"A\"}}]}"));

    assertEquals("A", LoopRuns.run(model, Map.of()).getString("output"));
  }

  @Test
  void uselessAnswersCountAsUsage() {
    model.script(
        request ->
            model.requests().size() == 1
                ? new Answer(
                    200,
                    "{\"choices\":[{\"message\":{\"tool_calls\":\"zzz\"}}],\"usage\":"
                        + "{\"prompt_tokens\":29900,\"completion_tokens\":90,\"cost\":0.5}}")
                : RunUsageCountTest.using(
                    "{\"prompt_tokens\":20000,\"completion_tokens\":15}", call("c", "none", "{}")));
    JsonPath run = LoopRuns.run(model, Map.of("max_tokens", 50_000));

    assertEnded(run, "max_tokens", "settings.max_tokens");
    assertEquals(2, model.requests().size());
    assertEquals(50_005, run.getInt("usage.total_tokens"));
    assertEquals(1, run.getInt("usage.steps"));
    assertTrue(run.getDouble("usage.cost_usd") >= 0.5, run.prettify());
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"content\":null}", "{\"content\":\"\"}", "{}"})
  void aLastMessageMayBeEmpty(String message) {
    model.script(request -> new Answer(200, "{\"choices\":[{\"message\":" + message + "}]}"));
    JsonPath run = LoopRuns.run(model, Map.of());

    assertEquals("ready", run.getString("status"), run.prettify());
    assertEquals("", run.getString("output"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"content\":\"a\\u0000b\"}",
        "{\"content\":\"\\ud800\"}",
        "{\"content\":[{\"type\":\"text\",\"text\":\"a\"},{\"type\":\"text\",\"text\":\"b\"}]}",
        "{\"refusal\":\"No.\"}",
      })
  void aLastMessageOfAnyTextEndsTheRunReady(String message) {
    model.script(request -> new Answer(200, "{\"choices\":[{\"message\":" + message + "}]}"));
    JsonPath run = LoopRuns.run(model, Map.of());

    assertEquals("ready", run.getString("status"), run.prettify());
    assertFalse(run.getString("output").isEmpty());
  }

  @Test
  void maxStepsLimitsTheRequestsToTheModel() {
    model.script(request -> call("c", "none", "{}"));
    JsonPath run = LoopRuns.run(model, Map.of("max_steps", 3));

    assertEnded(run, "max_steps", "settings.max_steps");
    assertEquals(3, model.requests().size());
    assertEquals(3, run.getInt("usage.steps"));
    assertEquals(1 + 3 * 3 + 1, run.getList("results").size(), run.prettify());
  }

  @Test
  void aRunEndsWhenItsTokensAreUsed() {
    model.script(
        request ->
            RunUsageCountTest.using(
                "{\"prompt_tokens\":70000,\"completion_tokens\":10}", call("c", "none", "{}")));
    JsonPath run = LoopRuns.run(model, Map.of());

    assertEnded(run, "max_tokens", "settings.max_tokens");
    assertEquals(3, model.requests().size());
    assertEquals(210_030, run.getInt("usage.total_tokens"));
  }

  @Test
  void noToolIsCalledBeyondMaxToolCalls() {
    model.script(
        request ->
            ScriptedModel.calls(List.of(List.of("a", "none", "{}"), List.of("b", "none", "{}"))));
    JsonPath run = LoopRuns.run(model, Map.of("max_tool_calls", 3));

    assertEnded(run, "max_tool_calls", "settings.max_tool_calls");
    assertEquals(2, model.requests().size());
    List<String> kinds = run.getList("results.msg");
    assertEquals(2, kinds.stream().filter("call tool result"::equals).count(), run.prettify());
  }

  @Test
  void anAnswerThatAsksForNothingEndsARunWithoutTools() {
    JsonPath run = LoopRuns.run(model, Map.of("max_tool_calls", 0, "max_steps", 1));

    assertEquals("ready", run.getString("status"), run.prettify());
  }

  @Test
  void aRunEndsWhenItsTimeIsUp() {
    model.script(
        request -> {
          try {
            released.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return say("Too late.");
        });
    JsonPath run = LoopRuns.run(model, Map.of("timeout", "PT1S"));

    assertEnded(run, "timeout", "settings.timeout");
    assertEquals("Hello", run.getString("results[0].exchange.content"));
    assertTrue(run.getInt("usage.model_ms") > 0, run.prettify());
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 401, 403, 404, 429, 500})
  void aKeyThatTheProviderRepeatsIsNotPassedOn(int status) {
    model.script(
        request ->
            error(status, "invalid", "x".repeat(285) + " Incorrect key " + LoopRuns.KEY + " sent"));
    JsonPath run = LoopRuns.run(model, Map.of());

    assertFalse(run.prettify().contains("sk-a-key"), run.prettify());
  }

  private static void assertEnded(JsonPath run, String code, String sentence) {
    assertEquals("error", run.getString("status"), run.prettify());
    assertEquals(code, run.getString("error.code"), run.prettify());
    assertTrue(run.getString("error.message").contains(sentence), run.prettify());
    assertEquals("message", run.getString("results[0].msg"));
    assertEquals("run failed", run.getString("results[-1].msg"));
    assertEquals(50, run.getInt("results[-1].level"));
    assertEquals(code, run.getString("results[-1].code"));
    assertEquals(run.getString("error.message"), run.getString("results[-1].error"));
    assertEquals(null, run.getString("output"));
  }
}
