package dev.errand.automation.schedule;

import com.fasterxml.jackson.databind.JsonNode;
import dev.errand.automation.schedule.calendar.EnglishFormat;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.InvalidFields;
import dev.errand.base.json.Durations;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.persistence.AttributeConverter;
import jakarta.persistence.Converter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Whether and when a schedule's run is tried again whose model can't be reached.
 *
 * @param waits the time from each failure to the next try; empty for no further try
 */
@RegisterForReflection
public record ScheduleRetry(List<Duration> waits) {
  public static final String NEVER = "never";
  private static final String FIELD = "retry";
  private static final int MOST = 10;
  private static final Duration LEAST = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofHours(24);

  public static final ScheduleRetry DEFAULT =
      new ScheduleRetry(
          List.of(Duration.ofMinutes(5), Duration.ofMinutes(20), Duration.ofHours(1)));

  public ScheduleRetry {
    waits = List.copyOf(waits);
  }

  /**
   * Reads the field of a request.
   *
   * @throws ApiException when it is neither {@code never} nor a list of durations
   */
  static ScheduleRetry of(@Nullable JsonNode sent) {
    if (sent == null || sent.isNull()) {
      return DEFAULT;
    }
    if (sent.isTextual() && sent.textValue().equals(NEVER)) {
      return new ScheduleRetry(List.of());
    }
    if (!sent.isArray() || sent.isEmpty() || sent.size() > MOST) {
      throw ApiException.invalid(
          FIELD,
          "must be never, or a list of 1 to %d durations such as [\"5m\", \"20 minutes\", \"PT1H\"]"
              .formatted(MOST));
    }
    InvalidFields wrong = new InvalidFields();
    List<Duration> waits = new ArrayList<>();
    for (JsonNode wait : sent) {
      String field = FIELD + "[" + waits.size() + "]";
      waits.add(wrong.read(() -> wait(field, wait), LEAST));
    }
    wrong.refuse();
    return new ScheduleRetry(waits);
  }

  private static Duration wait(String field, JsonNode sent) {
    String text = sent.isTextual() ? sent.textValue() : sent.toString();
    if (Durations.find(text).isEmpty()) {
      throw ApiException.invalid(
          field, "must be a duration such as 20 minutes. For no further tries, write never");
    }
    return Durations.parseSeconds(field, text, LEAST, LONGEST);
  }

  /** How it is stored: null is the default, which another version may have changed. */
  @Converter
  @RegisterForReflection
  public static class Stored implements AttributeConverter<ScheduleRetry, String> {
    @Override
    public @Nullable String convertToDatabaseColumn(@Nullable ScheduleRetry retry) {
      if (retry == null || retry.equals(DEFAULT)) {
        return null;
      }
      return retry.waits.isEmpty()
          ? NEVER
          : retry.waits.stream().map(Duration::toString).collect(Collectors.joining(" "));
    }

    @Override
    public ScheduleRetry convertToEntityAttribute(@Nullable String stored) {
      if (stored == null) {
        return DEFAULT;
      }
      return new ScheduleRetry(
          stored.equals(NEVER)
              ? List.of()
              : Arrays.stream(stored.split(" ")).map(Duration::parse).toList());
    }
  }

  /** As clients see it: {@code never} or the list. */
  Object shown() {
    return waits.isEmpty() ? NEVER : waits.stream().map(Duration::toString).toList();
  }

  /** What happens to a run, in words. */
  public String words() {
    return waits.isEmpty()
        ? "the run fails"
        : "the run is tried again after "
            + EnglishFormat.list(waits.stream().map(Durations::words).toList());
  }

  /** As a form has it, with commas. */
  public String text() {
    return waits.isEmpty()
        ? NEVER
        : waits.stream().map(Durations::typed).collect(Collectors.joining(", "));
  }
}
