package dev.errand.adapters.mcp;

import static dev.errand.support.Eventually.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.errand.app.telemetry.Observed;
import dev.errand.support.Chat;
import dev.errand.support.SpanReceiver;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The metadata of a request name the trace that it is part of. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
@TestProfile(Observed.class)
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
}
