package dev.errand.app.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.errand.models.message.Message;
import dev.errand.models.port.ModelAsked;
import dev.errand.models.port.RunError;
import dev.errand.models.port.Traced;
import dev.errand.models.port.Turn;
import dev.errand.models.port.Usage;
import dev.errand.runs.queue.Claim;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RunMetersTest {
  private static final Instant DUE = Instant.parse("2026-11-29T08:00:00Z");

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final RunMeters runs = new RunMeters(meters);

  @Test
  void theWaitForTheFirstAttemptIsMeasured() {
    runs.claimed(claim(DUE.plusSeconds(2)));

    Timer waits = meters.get("errand.run.start").timer();
    assertEquals(1, waits.count());
    assertEquals(2, waits.totalTime(TimeUnit.SECONDS));
  }

  // A run's time may come from another clock than the one that its claim is measured by.
  @Test
  void aRunThatStartsBeforeItIsDueHasNotWaited() {
    runs.claimed(claim(DUE.minus(Duration.ofMillis(3))));

    Timer waits = meters.get("errand.run.start").timer();
    assertEquals(1, waits.count());
    assertEquals(0, waits.totalTime(TimeUnit.SECONDS));
  }

  @Test
  void requestsAreMeasuredByVendor() {
    Usage.Step used = new Usage.Step(9, 3, 12, 4, 2, 1, 0.5, 7);
    Message.Assistant message = new Message.Assistant("Hello", List.of(), null, null, null);
    runs.modelAsked(
        asked(
            "openai",
            new ModelAsked.Answered(
                new Turn(message, used, null, null, null, null).streamed(Duration.ofMillis(7)))));
    runs.modelAsked(asked("anthropic", new ModelAsked.Unanswered(RunError.MODEL_UNAVAILABLE)));
    runs.modelAsked(asked("anthropic", new ModelAsked.Interrupted()));

    assertEquals(
        7.0,
        meters
            .get("gen_ai.client.operation.time_to_first_chunk")
            .tag("gen_ai.provider.name", "openai")
            .timer()
            .totalTime(TimeUnit.MILLISECONDS));
    Map.of(
            "input_tokens", 9.0,
            "output_tokens", 3.0,
            "cache_read.input_tokens", 4.0,
            "cache_write.input_tokens", 2.0,
            "reasoning.output_tokens", 1.0)
        .forEach(
            (kind, tokens) ->
                assertEquals(
                    tokens,
                    meters
                        .get("gen_ai.client.inference.usage." + kind)
                        .tag("gen_ai.provider.name", "openai")
                        .counter()
                        .count(),
                    kind));
    for (String type : List.of("model_unavailable", "cut_off")) {
      assertEquals(
          1,
          meters
              .get("gen_ai.client.operation.duration")
              .tag("gen_ai.provider.name", "anthropic")
              .tag("error.type", type)
              .timer()
              .count());
    }
    assertEquals(2, meters.get("errand.model.tokens").tag("kind", "cache_write").counter().count());
  }

  private static ModelAsked asked(String provider, ModelAsked.Result result) {
    return new ModelAsked(
        new Traced(provider, false, Map.of()),
        URI.create("https://models.example/v1"),
        "m",
        DUE,
        Duration.ofMillis(5),
        List.of(),
        result);
  }

  private static Claim claim(Instant startedAt) {
    return new Claim(
        1,
        1,
        UUID.randomUUID(),
        UUID.randomUUID(),
        UUID.randomUUID(),
        "run",
        "task",
        "user/profile",
        "{}",
        "{}",
        0,
        1,
        "{}",
        DUE,
        startedAt,
        startedAt,
        0,
        false,
        null,
        false);
  }
}
