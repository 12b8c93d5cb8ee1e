package dev.errand.app.telemetry;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.ended;
import static dev.errand.support.Api.register;
import static dev.errand.support.Eventually.await;
import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import dev.errand.support.ReceivedSpan;
import dev.errand.support.SpanReceiver;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A run is part of the trace in which it was asked for, with all that it does. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
@WithTestResource(value = Observed.class, scope = TestResourceScope.MATCHING_RESOURCES)
class TraceTest {
  private static final String TASK = "traced";
  private static final String CALLER = "00f067aa0ba902b7";

  private final List<String> told = new CopyOnWriteArrayList<>();
  private HttpServer others;

  /** The model's server, a site and a receiver of callbacks, who note what they hear of a trace. */
  @BeforeEach
  void begin() throws IOException {
    others = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
    others.createContext(
        "/",
        exchange -> {
          String asked =
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          String path = exchange.getRequestURI().getPath();
          told.add(path + " " + exchange.getRequestHeaders().getFirst("traceparent"));
          byte[] answer =
              (path.startsWith("/v1/") ? completion(asked) : "A page")
                  .getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    others.start();
  }

  @AfterEach
  void end() {
    api().delete(TASKS + "/" + TASK + "?force=true");
    others.stop(0);
  }

  @Test
  void aRunIsTracedFromItsTriggerToItsToolsAndItsCallback() {
    registerTask(Map.of("key", "sk-1", "callbacks", List.of(Map.of("url", url("/hook")))));
    String trace = trigger("whole");
    assertEquals("ready", ended(TASK, "whole").getString("status"));
    List<ReceivedSpan> spans = SpanReceiver.await(trace, 6);

    ReceivedSpan request =
        ReceivedSpan.only(spans, "PUT /api/profiles/{user}/{profile}/tasks/{task}/runs/{run}");
    assertEquals(CALLER, request.parentId());
    assertEquals(
        "/api/profiles/~/default/tasks/traced/runs/whole", request.attributes().get("url.path"));
    ReceivedSpan run = ReceivedSpan.only(spans, "invoke_agent traced");
    assertEquals(request.spanId(), run.parentId());
    assertEquals(1, run.kind());
    assertEquals(
        Map.of(
            "gen_ai.operation.name", "invoke_agent",
            "gen_ai.conversation.id", "admin/default/traced/whole",
            "gen_ai.request.model", "gpt-4o",
            "gen_ai.agent.name", TASK,
            "gen_ai.usage.input_tokens", "20",
            "gen_ai.usage.output_tokens", "10",
            "errand.profile", "admin/default",
            "errand.run", "whole",
            "errand.attempt", "1",
            "errand.end", "ready"),
        ours(run));
    List<ReceivedSpan> chats = ReceivedSpan.named(spans, "chat gpt-4o");
    assertEquals(2, chats.size());
    for (ReceivedSpan chat : chats) {
      assertEquals(run.spanId(), chat.parentId());
      assertEquals(3, chat.kind());
      assertFalse(chat.isError());
      assertEquals("chat", chat.attributes().get("gen_ai.operation.name"));
      assertEquals("gpt-4o", chat.attributes().get("gen_ai.request.model"));
      assertEquals("openai", chat.attributes().get("gen_ai.provider.name"));
      assertEquals("chat_completions", chat.attributes().get("openai.api.type"));
      assertEquals("admin/default/traced/whole", chat.attributes().get("gen_ai.conversation.id"));
      assertFalse(chat.attributes().containsKey("gen_ai.usage.cache_read.input_tokens"));
      assertEquals("gpt-4o-2024-08-06", chat.attributes().get("gen_ai.response.model"));
      assertEquals("1", chat.attributes().get("gen_ai.response.id"));
      assertFalse(chat.attributes().containsKey("gen_ai.response.time_to_first_chunk"));
      assertEquals("10", chat.attributes().get("gen_ai.usage.input_tokens"));
      assertEquals("5", chat.attributes().get("gen_ai.usage.output_tokens"));
      assertEquals("127.0.0.1", chat.attributes().get("server.address"));
      assertEquals(
          Integer.toString(others.getAddress().getPort()), chat.attributes().get("server.port"));
    }
    assertEquals(
        List.of("tool_calls", "stop"),
        chats.stream()
            .map(chat -> chat.attributes().get("gen_ai.response.finish_reasons"))
            .toList());
    ReceivedSpan tool = ReceivedSpan.only(spans, "execute_tool fetch_fetch");
    assertEquals(run.spanId(), tool.parentId());
    assertEquals("execute_tool", tool.attributes().get("gen_ai.operation.name"));
    assertEquals("fetch_fetch", tool.attributes().get("gen_ai.tool.name"));
    assertEquals(TASK, tool.attributes().get("gen_ai.agent.name"));
    assertEquals("call_1", tool.attributes().get("gen_ai.tool.call.id"));

    ReceivedSpan callback = ReceivedSpan.only(spans, "POST");
    assertEquals(request.spanId(), callback.parentId());
    assertEquals("200", callback.attributes().get("http.response.status_code"));
    await("a callback", () -> told.stream().anyMatch(call -> call.startsWith("/hook ")));
    assertTrue(
        told.contains("/hook 00-" + trace + "-" + callback.spanId() + "-01"), told.toString());
    // Who is asked by a run or its tools is told nothing of it.
    assertTrue(told.contains("/page null"), told.toString());
    assertTrue(told.contains("/v1/chat/completions null"), told.toString());
    for (ReceivedSpan span : spans) {
      assertFalse(span.toString().contains("What is said"), span::toString);
      assertFalse(span.toString().contains("/page"), span::toString);
      assertFalse(span.toString().contains("/hook"), span::toString);
    }
  }

  @Test
  void theAddressOfATriggerIsNoPartOfTheTraceThatItStarts() {
    registerTask(Map.of("key", "sk-1"));
    String address =
        api()
            .body(Map.of("scheme", "url"))
            .post(TASKS + "/" + TASK + "/triggers")
            .then()
            .statusCode(201)
            .extract()
            .path("url");
    String trace = UUID.randomUUID().toString().replace("-", "");
    given()
        .header("traceparent", "00-" + trace + "-" + CALLER + "-01")
        .contentType("application/json")
        .body("{}")
        .post(address + "?key=of-the-sender")
        .then()
        .statusCode(202);
    List<ReceivedSpan> spans = SpanReceiver.await(trace, 5);
    ReceivedSpan request = ReceivedSpan.only(spans, "POST /hooks/{token}");
    assertEquals("REDACTED", request.attributes().get("url.path"));
    assertEquals("REDACTED", request.attributes().get("url.query"));
    assertEquals(request.spanId(), ReceivedSpan.only(spans, "invoke_agent traced").parentId());
    String token = address.substring(address.lastIndexOf('/') + 1);
    for (ReceivedSpan span : spans) {
      assertFalse(span.toString().contains(token), span::toString);
      assertFalse(span.toString().contains("of-the-sender"), span::toString);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"//hooks/", "/hooks;x=y/", "/api/../hooks/", "/q/%2e%2e/hooks/"})
  void norIsItWhereItIsWrittenInAnotherWay(String way) throws Exception {
    registerTask(Map.of("key", "sk-1"));
    String address =
        api()
            .body(Map.of("scheme", "url"))
            .post(TASKS + "/" + TASK + "/triggers")
            .then()
            .statusCode(201)
            .extract()
            .path("url");
    String token = address.substring(address.lastIndexOf('/') + 1);
    String trace = UUID.randomUUID().toString().replace("-", "");
    try (HttpClient client = HttpClient.newHttpClient()) {
      URI written = URI.create(address.substring(0, address.indexOf("/hooks/")) + way + token);
      HttpResponse<Void> _ =
          client.send(
              HttpRequest.newBuilder(written)
                  .header("traceparent", "00-" + trace + "-" + CALLER + "-01")
                  .header("Content-Type", "application/json")
                  .POST(HttpRequest.BodyPublishers.ofString("{}"))
                  .build(),
              HttpResponse.BodyHandlers.discarding());
    }
    for (ReceivedSpan span : SpanReceiver.await(trace, 1)) {
      assertFalse(span.toString().contains(token), span::toString);
    }
  }

  @Test
  void failedSpansHaveTheErrorCode() {
    registerTask(Map.of("key", "sk-1", "max_steps", 1));
    String trace = trigger("short");
    assertEquals("max_steps", ended(TASK, "short").getString("error.code"));
    ReceivedSpan run = SpanReceiver.await(trace, "invoke_agent traced");
    assertTrue(run.isError());
    assertEquals("max_steps", run.attributes().get("error.type"));
  }

  private void registerTask(Map<String, Object> settings) {
    register(TASK, "What is said to a model", url("/v1"), settings).then().statusCode(201);
  }

  /** Triggers a run from inside a trace of its own, and says which. */
  private static String trigger(String run) {
    String trace = UUID.randomUUID().toString().replace("-", "");
    api()
        .header("traceparent", "00-" + trace + "-" + CALLER + "-01")
        .body(Map.of("parameters", Map.of()))
        .put(TASKS + "/" + TASK + "/runs/" + run)
        .then()
        .statusCode(201);
    return trace;
  }

  // What the framework says of the thread besides is its own.
  private static Map<String, String> ours(ReceivedSpan span) {
    Map<String, String> all = new HashMap<>(span.attributes());
    all.keySet().removeIf(key -> key.startsWith("thread.") || key.startsWith("code."));
    return all;
  }

  private String url(String path) {
    return "http://127.0.0.1:" + others.getAddress().getPort() + path;
  }

  private String completion(String asked) {
    boolean isFirst = !asked.contains("\"role\":\"tool\"");
    String message =
        isFirst
            ? "{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[{\"id\":\"call_1\",\"type\":\"function\","
                + "\"function\":{\"name\":\"fetch_fetch\",\"arguments\":\"{\\\"url\\\":\\\""
                + url("/page")
                + "\\\"}\"}}]}"
            : "{\"role\":\"assistant\",\"content\":\"Done.\"}";
    return "{\"id\":\"1\",\"object\":\"chat.completion\",\"model\":\"gpt-4o-2024-08-06\",\"choices\":[{\"index\":0,"
        + "\"finish_reason\":\""
        + (isFirst ? "tool_calls" : "stop")
        + "\",\"message\":"
        + message
        + "}],\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":5,\"total_tokens\":15}}";
  }
}
