package dev.errand;

import static dev.errand.support.Api.ended;
import static dev.errand.support.Api.register;
import static dev.errand.support.Api.trigger;
import static dev.errand.support.ScriptedModel.call;
import static dev.errand.support.ScriptedModel.say;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Read this first: a task is registered, a run of it triggered, and a WebAssembly servlet does the
 * work. The database, the HTTP and the servlet are real; only the model is scripted, at the edge.
 */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class FirstRunTest {

  @Test
  void aTaskIsRegisteredAndItsRunReadsAPageWithTheFetchServlet() throws IOException {
    HttpServer site = siteWith("<h1>Soap</h1><p>All <b>one</b>.</p>");
    String page = "http://127.0.0.1:" + site.getAddress().getPort() + "/page";
    try (ScriptedModel model = new ScriptedModel()) {
      // The model asks for the page first, and answers with what it was told of it.
      model.script(
          request ->
              request.size() == 1
                  ? call("call_1", "fetch_fetch", "{\"url\":\"" + page + "\"}")
                  : say("It says: " + request.lastMessage().path("content").asText()));

      register("digest", "Read `{{ url }}` for me.", model)
          .then()
          .statusCode(201)
          .body("name", equalTo("digest"))
          .body("settings.key_hint", equalTo("…1234"));

      trigger("digest", "first", Map.of("url", page))
          .then()
          .statusCode(201)
          .header("Location", endsWith("/api/profiles/~/default/tasks/digest/runs/first"));
      JsonPath run = ended("digest", "first");
      trigger("digest", "first", Map.of("url", "ignored")).then().statusCode(200);

      assertEquals("ready", run.getString("status"), run.prettify());
      assertEquals("It says: # Soap\n\nAll **one**.", run.getString("output"));
      assertEquals(
          List.of(
              Map.of(
                  "msg",
                  "message",
                  "level",
                  30,
                  "exchange",
                  Map.of("role", "user", "content", "Read `" + page + "` for me.")),
              Map.of(
                  "msg",
                  "message",
                  "level",
                  30,
                  "exchange",
                  assistantThatCalls("call_1", "{\"url\":\"" + page + "\"}")),
              Map.of(
                  "msg",
                  "call tool request",
                  "level",
                  30,
                  "params",
                  Map.of("name", "fetch_fetch", "arguments", Map.of("url", page)),
                  "tool_call_id",
                  "call_1"),
              Map.of(
                  "msg",
                  "call tool result",
                  "level",
                  30,
                  "exchange",
                  Map.of(
                      "role", "tool",
                      "tool_call_id", "call_1",
                      "content", "# Soap\n\nAll **one**."),
                  "is_error",
                  false),
              Map.of(
                  "msg",
                  "final message",
                  "level",
                  30,
                  "lastMessage",
                  Map.of("role", "assistant", "content", "It says: # Soap\n\nAll **one**."))),
          withoutTimes(run.getList("results")));
      assertEquals(2, model.requests().size());
      assertEquals("Bearer sk-a-key-for-tests-1234", model.requests().get(0).authorization());
    } finally {
      site.stop(0);
    }
  }

  private static Map<String, Object> assistantThatCalls(String id, String arguments) {
    Map<String, Object> message = new HashMap<>();
    message.put("role", "assistant");
    message.put("content", null);
    message.put(
        "tool_calls",
        List.of(
            Map.of(
                "id",
                id,
                "type",
                "function",
                "function",
                Map.of("name", "fetch_fetch", "arguments", arguments))));
    return message;
  }

  private static List<Map<String, Object>> withoutTimes(List<Map<String, Object>> entries) {
    long last = 0;
    for (Map<String, Object> entry : entries) {
      long time = ((Number) entry.remove("time")).longValue();
      assertTrue(time >= last, "entries are in the order of their times");
      last = time;
    }
    return entries;
  }

  private static HttpServer siteWith(String html) throws IOException {
    HttpServer site =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    site.createContext(
        "/page",
        exchange -> {
          byte[] body = html.getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().set("Content-Type", "text/html; charset=utf-8");
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    site.start();
    return site;
  }
}
