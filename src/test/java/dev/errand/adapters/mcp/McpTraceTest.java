package dev.errand.adapters.mcp;

import static dev.errand.support.Api.api;
import static dev.errand.support.Api.ended;
import static dev.errand.support.Api.register;
import static dev.errand.support.Eventually.await;
import static dev.errand.support.ScriptedModel.call;
import static dev.errand.support.ScriptedModel.say;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.errand.app.telemetry.Observed;
import dev.errand.support.Api;
import dev.errand.support.Chat;
import dev.errand.support.ScriptedMcp;
import dev.errand.support.ScriptedModel;
import dev.errand.support.SpanReceiver;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The metadata of a request name the trace that it is part of. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
@WithTestResource(value = Observed.class, scope = TestResourceScope.MATCHING_RESOURCES)
class McpTraceTest {

  @Test
  void aRequestIsLinkedToTheTraceInItsMetadata() {
    String cause = UUID.randomUUID().toString().replace("-", "");
    String own = UUID.randomUUID().toString().replace("-", "");
    Chat chat = Chat.ofTests();
    Map<String, Object> meta = new HashMap<>(chat.meta());
    meta.put("traceparent", "00-" + cause + "-b7ad6b7169203331-01");
    chat.request("tools/list", Map.of(), meta)
        .header("traceparent", "00-" + own + "-00f067aa0ba902b7-01")
        .post("/mcp")
        .then()
        .statusCode(200);
    await("the request's span", () -> !SpanReceiver.spans(own).isEmpty());
    assertEquals(List.of(cause + "-b7ad6b7169203331"), SpanReceiver.spans(own).getFirst().links());
  }

  @Test
  void aRemoteServerGetsTheTraceContextOfTheCall() {
    String trace = UUID.randomUUID().toString().replace("-", "");
    try (ScriptedMcp server = new ScriptedMcp();
        ScriptedModel model = new ScriptedModel()) {
      server.tools(ScriptedMcp.tool("a", ""));
      api()
          .body(Map.of("name", "traced", "mcp", Map.of("url", server.url())))
          .post("/api/profiles/~/default/installations")
          .then()
          .statusCode(201);
      model.script(request -> request.size() == 1 ? call("c1", "traced_a", "{}") : say("Done."));
      register("traced-tools", "Use it", model).then().statusCode(201);
      api()
          .header("traceparent", "00-" + trace + "-00f067aa0ba902b7-01")
          .body(Map.of())
          .put(Api.TASKS + "/traced-tools/runs/first")
          .then()
          .statusCode(201);
      assertEquals("ready", ended("traced-tools", "first").getString("status"));
      String run = SpanReceiver.await(trace, "invoke_agent traced-tools").spanId();
      assertEquals("00-" + trace + "-" + run + "-01", told(server));

      for (boolean modern : List.of(true, false)) {
        server.modern(modern).requests().clear();
        Chat chat = Chat.ofTests();
        chat.request("tools/call", Map.of("name", "traced_a", "arguments", Map.of()))
            .header("traceparent", "00-" + trace + "-00f067aa0ba902b7-01")
            .post("/mcp")
            .then()
            .statusCode(200);
        assertThat(told(server), startsWith("00-" + trace + "-"));
      }
    } finally {
      api().delete("/api/profiles/~/default/installations/traced");
      api().delete(Api.TASKS + "/traced-tools?force=true");
    }
  }

  private static String told(ScriptedMcp server) {
    return server
        .requests("tools/call")
        .getLast()
        .body()
        .at("/params/_meta/traceparent")
        .asText("nothing");
  }
}
