package dev.errand.app.telemetry;

import dev.errand.base.json.Coded;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Supplier;

/** Creates Micrometer timers with histogram buckets for short local work or long remote calls. */
final class Timers {
  private static final Duration[] HERE = millis(1, 5, 10, 25, 50, 100, 250, 1_000, 5_000, 30_000);
  private static final Duration[] ELSEWHERE =
      millis(100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000, 120_000, 600_000);

  /** The buckets that OpenTelemetry's conventions for generative AI advise. */
  static final Duration[] GEN_AI =
      millis(10, 20, 40, 80, 160, 320, 640, 1_280, 2_560, 5_120, 10_240, 20_480, 40_960, 81_920);

  private Timers() {}

  /** Buckets for work within this process. */
  static Timer.Builder here(String name, String description) {
    return Timer.builder(name).description(description).serviceLevelObjectives(HERE);
  }

  /** Buckets for remote calls. */
  static Timer.Builder elsewhere(String name, String description) {
    return Timer.builder(name).description(description).serviceLevelObjectives(ELSEWHERE);
  }

  /** One timer per outcome. */
  static <E extends Enum<E>> Map<E, Timer> byOutcome(
      Class<E> outcomes, Supplier<Timer.Builder> builder, MeterRegistry meters) {
    Map<E, Timer> all = new EnumMap<>(outcomes);
    for (E outcome : outcomes.getEnumConstants()) {
      all.put(outcome, builder.get().tag("outcome", Coded.codeOf(outcome)).register(meters));
    }
    return all;
  }

  private static Duration[] millis(long... all) {
    return Arrays.stream(all).mapToObj(Duration::ofMillis).toArray(Duration[]::new);
  }
}
