package dev.errand.app.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.errand.models.message.Message;
import dev.errand.models.port.ModelAsked;
import dev.errand.models.port.ToolCalled;
import dev.errand.models.port.Traced;
import dev.errand.models.port.Turn;
import dev.errand.models.port.Usage;
import dev.errand.runs.queue.Claim;
import dev.errand.runs.worker.RunObserver.End;
import dev.errand.support.ReceivedSpan;
import dev.errand.support.SpanReceiver;
import dev.errand.support.TestDatabase;
import dev.errand.tools.port.ToolResult;
import io.opentelemetry.api.trace.Tracer;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** A trace contains the messages of a run only where the operator enables that. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
@WithTestResource(value = Observed.class, scope = TestResourceScope.MATCHING_RESOURCES)
class SpanContentTest {
  @Inject Tracer tracer;

  @Test
  void contentIsTracedOnlyWhereThatIsAskedFor() {
    for (boolean isWanted : List.of(false, true)) {
      String trace = UUID.randomUUID().toString().replace("-", "");
      RunSpans spans =
          new RunSpans(
              new Tracing(false, tracer, new CurrentVertxRequest()),
              new SpanContent(new Config(isWanted)));
      RunSpans.Attempt attempt =
          spans.begin(claim("00-" + trace + "-" + "00f067aa0ba902b7" + "-01"));
      attempt.modelAsked(asked(new Traced("openai", false, Map.of())));
      attempt.toolCalled(called());
      attempt.ended(End.HANDED_BACK, null);
      attempt.close();
      List<ReceivedSpan> received = SpanReceiver.await(trace, 3);
      Map<String, String> chat = ReceivedSpan.only(received, "chat m").attributes();
      Map<String, String> tool = ReceivedSpan.only(received, "execute_tool t").attributes();
      assertEquals(isWanted, chat.containsKey("gen_ai.input.messages"));
      assertEquals(isWanted, chat.containsKey("gen_ai.output.messages"));
      assertEquals(isWanted, tool.containsKey("gen_ai.tool.call.arguments"));
      assertEquals(isWanted, tool.containsKey("gen_ai.tool.call.result"));
      if (isWanted) {
        assertEquals(
            "[{\"role\":\"system\",\"parts\":[{\"type\":\"text\",\"content\":\"Be brief.\"}]},"
                + "{\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"content\":\"Hello\"}]}]",
            chat.get("gen_ai.input.messages"));
        assertEquals(
            "[{\"role\":\"assistant\",\"parts\":[{\"type\":\"tool_call\",\"id\":\"c\",\"name\":\"t\","
                + "\"arguments\":{}}]}]",
            chat.get("gen_ai.output.messages"));
        assertEquals("{\"x\":1}", tool.get("gen_ai.tool.call.arguments"));
        assertEquals("An answer", tool.get("gen_ai.tool.call.result"));
      }
    }
  }

  @Test
  void aRequestIsDescribedByTheConventions() {
    String trace = UUID.randomUUID().toString().replace("-", "");
    RunSpans spans =
        new RunSpans(
            new Tracing(false, tracer, new CurrentVertxRequest()),
            new SpanContent(new Config(true)));
    RunSpans.Attempt attempt = spans.begin(claim("00-" + trace + "-" + "00f067aa0ba902b7" + "-01"));
    Traced traced =
        new Traced(
            "vendor",
            true,
            Map.of(
                "vendor.api",
                "x",
                "gen_ai.request.stream",
                true,
                "gen_ai.request.temperature",
                0.5,
                "gen_ai.request.max_tokens",
                100));
    attempt.modelAsked(asked(traced));
    attempt.close();
    Map<String, String> chat =
        ReceivedSpan.only(SpanReceiver.await(trace, 2), "chat m").attributes();

    Map.of(
            "gen_ai.operation.name", "chat",
            "gen_ai.provider.name", "vendor",
            "gen_ai.conversation.id", "admin/default/a/r",
            "vendor.api", "x",
            "gen_ai.request.stream", "1",
            "gen_ai.request.temperature", "0.5",
            "gen_ai.request.max_tokens", "100",
            "gen_ai.usage.cache_read.input_tokens", "4",
            "gen_ai.usage.cache_write.input_tokens", "3")
        .forEach((name, value) -> assertEquals(value, chat.get(name), name));
    assertEquals("msg-1", chat.get("gen_ai.response.id"));
    assertEquals("0.25", chat.get("gen_ai.response.time_to_first_chunk"));
    assertEquals("9", chat.get("gen_ai.usage.input_tokens"));
    assertEquals("2", chat.get("gen_ai.usage.reasoning.output_tokens"));
    assertEquals(
        "[{\"type\":\"text\",\"content\":\"Be brief.\"}]", chat.get("gen_ai.system_instructions"));
    assertEquals(
        "[{\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"content\":\"Hello\"}]}]",
        chat.get("gen_ai.input.messages"));
  }

  private record Config(boolean content) implements ObserveConfig {
    @Override
    public Duration queueEvery() {
      return Duration.ofSeconds(10);
    }
  }

  private static Claim claim(String traceparent) {
    return new Claim(
        1,
        1,
        UUID.randomUUID(),
        UUID.randomUUID(),
        UUID.randomUUID(),
        "r",
        "a",
        "admin/default",
        "{}",
        "{}",
        0,
        1,
        "{}",
        Instant.now(),
        Instant.now(),
        Instant.now(),
        0,
        false,
        traceparent,
        false);
  }

  private static ModelAsked asked(Traced traced) {
    Message.ToolCall call = new Message.ToolCall("c", "t", JsonNodeFactory.instance.objectNode());
    Message.Assistant message = new Message.Assistant("", List.of(call), null, null, null);
    return new ModelAsked(
        traced,
        URI.create("https://models.example/v1"),
        "m",
        Instant.now(),
        Duration.ofMillis(5),
        List.of(new Message.Instructions("Be brief."), new Message.User("Hello")),
        new ModelAsked.Answered(
            new Turn(
                    message,
                    new Usage.Step(9, 3, 12, 4, 3, 2, null, 5),
                    "msg-1",
                    "m-1",
                    "tool_calls",
                    null)
                .streamed(Duration.ofMillis(250))));
  }

  private static ToolCalled called() {
    return new ToolCalled(
        new Message.ToolCall("c", "t", JsonNodeFactory.instance.objectNode().put("x", 1)),
        Instant.now(),
        Duration.ofMillis(5),
        ToolResult.text("An answer"));
  }
}
