package dev.errand;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.ended;
import static dev.errand.support.ScriptedModel.call;
import static dev.errand.support.ScriptedModel.say;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
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
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Read this first: a task is registered, a run of it is started, and a WebAssembly servlet does the
 * work. The database, the HTTP and the servlet are real; only the model is scripted, at the edge.
 */
@Tag("lambda")
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class FirstRunTest {

  @Test
  void aTaskIsRegisteredAndItsRunReadsAPageWithTheFetchServlet() throws IOException {
    HttpServer site = siteWith("<h1>Soap</h1><p>All <b>one</b>.</p>");
    String page = "http://127.0.0.1:" + site.getAddress().getPort() + "/page";
    try (ScriptedModel model = new ScriptedModel()) {
      // The model requests the page first, then answers with what it read.
      model.script(
          request ->
              request.size() == 1
                  ? call("call_1", "fetch_fetch", "{\"url\":\"" + page + "\"}")
                  : say("It says: " + request.lastMessage().path("content").asText()));

      api()
          .body(
              """
              {"runner": "openai",
               "openai": {"prompt": "Read `{{ url }}` for me.", "model": "gpt-4o",
                          "base_url": "%s"},
               "settings": {"key": "sk-a-key-for-tests-1234"}}
              """
                  .formatted(model.url()))
          .put(TASKS + "/digest")
          .then()
          .statusCode(201)
          .body("name", equalTo("digest"))
          .body("settings.key_hint", equalTo("…1234"));

      api()
          .body(
              """
              {"parameters": {"url": "%s"}}
              """
                  .formatted(page))
          .put(TASKS + "/digest/runs/first")
          .then()
          .statusCode(201)
          .header("Location", endsWith("/api/profiles/admin/default/tasks/digest/runs/first"));
      JsonPath run = ended("digest", "first");
      // The name is known: there is no second run, whatever the body says.
      api()
          .body(
              """
              {"parameters": {"url": "ignored"}}
              """)
          .put(TASKS + "/digest/runs/first")
          .then()
          .statusCode(200);

      assertEquals("ready", run.getString("status"), run.prettify());
      assertEquals("It says: # Soap\n\nAll **one**.", run.getString("output"));
      assertEquals(
          entries(
              """
              [
                {"msg": "message", "level": 30,
                 "exchange": {"role": "user", "content": "Read `PAGE` for me."}},
                {"msg": "message", "level": 30,
                 "exchange": {"role": "assistant", "content": null, "tool_calls": [
                   {"id": "call_1", "type": "function",
                    "function": {"name": "fetch_fetch", "arguments": "{\\"url\\":\\"PAGE\\"}"}}]}},
                {"msg": "call tool request", "level": 30,
                 "params": {"name": "fetch_fetch", "arguments": {"url": "PAGE"}},
                 "tool_call_id": "call_1"},
                {"msg": "call tool result", "level": 30,
                 "exchange": {"role": "tool", "tool_call_id": "call_1",
                              "content": "# Soap\\n\\nAll **one**."},
                 "tool": "fetch_fetch", "is_error": false,
                 "egress": [{"host": "127.0.0.1", "method": "GET", "status": 200, "bytes": 35}]},
                {"msg": "final message", "level": 30,
                 "lastMessage": {"role": "assistant", "content": "It says: # Soap\\n\\nAll **one**."}}
              ]
              """,
              page),
          withoutTimes(run.getList("results")));
      assertEquals(2, model.requests().size());
      assertEquals("Bearer sk-a-key-for-tests-1234", model.requests().get(0).authorization());
    } finally {
      site.stop(0);
    }
  }

  private static List<Map<String, Object>> entries(String json, String page) {
    return JsonPath.from(json.replace("PAGE", page)).getList("$");
  }

  private static List<Map<String, Object>> withoutTimes(List<Map<String, Object>> entries) {
    long last = 0;
    int timed = 0;
    int tokens = 0;
    for (Map<String, Object> entry : entries) {
      long time = ((Number) entry.remove("time")).longValue();
      assertTrue(time >= last, "entries are in the order of their times");
      last = time;
      // What ends a request to the model or a tool call tells how long it took.
      timed += entry.remove("ms") == null ? 0 : 1;
      // And each answer of the model what it used.
      Object usage = entry.remove("usage");
      tokens += usage instanceof Map<?, ?> used ? (Integer) used.get("total_tokens") : 0;
      entry.remove("tools");
      requests(entry).forEach(request -> assertNotNull(request.remove("ms")));
    }
    assertEquals(3, timed);
    assertEquals(30, tokens);
    return entries;
  }

  @SuppressWarnings("unchecked")
  private static List<Map<String, Object>> requests(Map<String, Object> entry) {
    return (List<Map<String, Object>>) entry.getOrDefault("egress", List.of());
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
