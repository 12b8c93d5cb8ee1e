package dev.errand.models.loop;

import static dev.errand.support.ScriptedModel.call;
import static dev.errand.support.ScriptedModel.calls;
import static dev.errand.support.ScriptedModel.say;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import dev.errand.support.ScriptedModel;
import dev.errand.support.ScriptedModel.Answer;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class ToolLoopTest {
  private final ScriptedModel model = new ScriptedModel();
  private final HttpServer site = site();

  @AfterEach
  void stop() {
    model.close();
    site.stop(0);
  }

  @Test
  void theCallsOfOneMessageRunAtTheSameTime() {
    CountDownLatch bothAreHere = new CountDownLatch(2);
    site.createContext(
        "/meet",
        exchange -> {
          bothAreHere.countDown();
          boolean met;
          try {
            met = bothAreHere.await(20, TimeUnit.SECONDS);
          } catch (InterruptedException e) {
            met = false;
          }
          byte[] page =
              (exchange.getRequestURI().getQuery() + (met ? " met" : " waited"))
                  .getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, page.length);
          exchange.getResponseBody().write(page);
          exchange.close();
        });
    model.script(
        request ->
            request.size() == 1
                ? calls(
                    List.of(
                        List.of("c1", "fetch_fetch", "{\"url\":\"" + page("/meet?one") + "\"}"),
                        List.of("c2", "fetch_fetch", "{\"url\":\"" + page("/meet?two") + "\"}")))
                : say("Done."));
    JsonPath run = run(Map.of());

    assertEquals("ready", run.getString("status"), run.prettify());
    JsonNode told = model.requests().get(1).body().path("messages");
    assertEquals(4, told.size());
    assertEquals("c1", told.path(2).path("tool_call_id").asText());
    assertEquals("one met", told.path(2).path("content").asText());
    assertEquals("c2", told.path(3).path("tool_call_id").asText());
    assertEquals("two met", told.path(3).path("content").asText());
    assertEquals(2, run.getInt("usage.tool_calls"));
    assertEquals(2, run.getInt("usage.steps"));
    assertEquals(30, run.getInt("usage.total_tokens"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "none_such|{}|There is no tool none_such; there are: calc_calculate, fetch_fetch,",
        "fetch_fetch|{\"url\":|not a JSON object",
        "fetch_fetch|{\"url\":\"http://a.example\"} {}|not a JSON object",
        "fetch_fetch|[1]|not a JSON object",
        "fetch_fetch|\"http://a.example\"|not a JSON object",
        "fetch_fetch|7|not a JSON object",
        "fetch_fetch|null|not a JSON object",
        "fetch_fetch|{}|url",
        "fetch_fetch||url",
        "fetch_fetch|{\"url\":\"http://10.0.0.1/\"}|10.0.0.1",
        "fetch_fetch|{\"url\":\"http://169.254.169.254/latest/\"}|169.254.169.254",
        "fetch_fetch|{\"url\":\"file:///etc/passwd\"}|",
        "fetch_fetch|{\"url\":\"SITE/broken\"}|500",
      })
  void theModelGetsAFailedCallAndTheRunContinues(String tool, String arguments, String told) {
    String given = arguments == null ? "" : arguments.replace("SITE", page(""));
    model.script(request -> request.size() == 1 ? call("c", tool, given) : say("I see."));
    JsonPath run = run(Map.of());

    assertEquals("ready", run.getString("status"), run.prettify());
    assertEquals("call tool result", run.getString("results[3].msg"), run.prettify());
    assertTrue(run.getBoolean("results[3].is_error"), run.prettify());
    String content = run.getString("results[3].exchange.content");
    assertTrue(content.contains(told == null ? "" : told), content);
    assertEquals(content, model.requests().get(1).lastMessage().path("content").asText());
    assertEquals("tool", model.requests().get(1).lastMessage().path("role").asText());
  }

  @Test
  void successfulCallsMeetWhatIsExpectedAndOthersDoNot() {
    Map<String, Object> expect =
        Map.of("expect", Map.of("tools", Map.of("calc_calculate", 1), "when", "usage.steps == 2"));
    for (String expression : List.of("1+1", "1+")) {
      model.script(
          request ->
              request.size() == 1
                  ? call("c", "calc_calculate", "{\"expression\":\"" + expression + "\"}")
                  : say("Done."));
      JsonPath run = run(expect);
      if (expression.equals("1+1")) {
        assertEquals("ready", run.getString("status"), run.prettify());
      } else {
        assertEquals("expectation_failed", run.getString("error.code"), run.prettify());
        assertEquals("Done.", run.getString("results[-3].exchange.content"), run.prettify());
        assertEquals(List.of("tools_failed"), run.getList("warnings"), run.prettify());
      }
    }
  }

  @Test
  void argumentsThatAreNoJsonAreKeptAsTheyCame() {
    model.script(
        request -> request.size() == 1 ? call("c", "fetch_fetch", "{\"url\":") : say("I see."));
    JsonPath run = run(Map.of());

    assertEquals("{\"url\":", run.getString("results[2].params.arguments"));
  }

  @Test
  void argumentsThatCameAsAnObjectAreTakenAsOne() {
    model.script(
        request ->
            request.size() == 1
                ? message(
                    "{\"role\":\"assistant\",\"tool_calls\":[{\"id\":\"c\",\"type\":\"function\","
                        + "\"function\":{\"name\":\"fetch_fetch\",\"arguments\":{\"url\":\""
                        + page("/page")
                        + "\"}}}]}")
                : say("I see."));
    JsonPath run = run(Map.of());

    assertFalse(run.getBoolean("results[3].is_error"), run.prettify());
    assertEquals(page("/page"), run.getString("results[2].params.arguments.url"));
  }

  private JsonPath run(Map<String, Object> settings) {
    return LoopRuns.run(model, settings);
  }

  private static Answer message(String json) {
    return new Answer(
        200, "{\"choices\":[{\"message\":" + json + "}],\"usage\":{\"prompt_tokens\":1}}");
  }

  private String page(String path) {
    return "http://127.0.0.1:" + site.getAddress().getPort() + path;
  }

  private static HttpServer site() {
    try {
      HttpServer site =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      site.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
      site.createContext(
          "/page",
          exchange -> {
            byte[] page =
                ("page " + exchange.getRequestURI().getQuery()).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, page.length);
            exchange.getResponseBody().write(page);
            exchange.close();
          });
      site.createContext(
          "/broken",
          exchange -> {
            exchange.sendResponseHeaders(500, -1);
            exchange.close();
          });
      site.start();
      return site;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
