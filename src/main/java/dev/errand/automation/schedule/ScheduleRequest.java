package dev.errand.automation.schedule;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.JsonNode;
import dev.errand.automation.schedule.calendar.Cron;
import dev.errand.automation.schedule.calendar.IsoTime;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.InvalidFields;
import dev.errand.base.json.CheckedRequest;
import dev.errand.base.json.Coded;
import dev.errand.base.json.Durations;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A request for a schedule; exactly one of the first three fields is required. Fields that only the
 * server sets are ignored, so that the answer of a GET can be PUT.
 *
 * @param cron five fields, or a nickname such as {@code @daily}
 * @param every a duration, a second to 366 days
 * @param at one time
 * @param timezone an IANA name; UTC by default
 * @param parameters a JSON object; an empty one by default
 * @param enabled whether it fires; true by default
 * @param missed {@code none}, {@code last} or {@code all}; none by default
 * @param retry {@code never}, or the waits before each further try of a run whose model can't be
 *     reached
 * @param jitter a duration, up to 24 hours; none by default
 */
@RegisterForReflection
@JsonIgnoreProperties({
  "name",
  "description",
  "next",
  "last_fire",
  "retrying",
  "failures",
  "paused_reason",
  "paused_at",
  "created_at",
  "modified_at"
})
public record ScheduleRequest(
    @Nullable String cron,
    @Nullable String every,
    @Nullable String at,
    @Nullable String timezone,
    @Nullable JsonNode parameters,
    @Nullable Boolean enabled,
    @Nullable String missed,
    @Nullable JsonNode retry,
    @Nullable String jitter,
    @Nullable String start,
    @Nullable String end)
    implements CheckedRequest {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._~-]{1,64}");

  private static final Duration LEAST = Duration.ofSeconds(1);
  private static final Duration MOST_EVERY = Duration.ofDays(366);
  private static final Duration MOST_JITTER = Duration.ofHours(24);

  /** The request of a tool: a time rule and parameters, with defaults for all other fields. */
  public static ScheduleRequest of(
      @Nullable String cron,
      @Nullable String every,
      @Nullable String at,
      @Nullable String timezone,
      @Nullable JsonNode parameters) {
    return new ScheduleRequest(
        cron, every, at, timezone, parameters, null, null, null, null, null, null);
  }

  /**
   * The checked definition.
   *
   * @throws ApiException that names the field which is wrong
   */
  ScheduleDefinition checked() {
    InvalidFields wrong = new InvalidFields();
    wrong.add(this::checkRule);
    ZoneId zone =
        wrong.read(
            () -> IsoTime.zone("timezone", timezone == null ? "UTC" : timezone), ZoneOffset.UTC);
    Instant from = start == null ? null : wrong.read(() -> IsoTime.time("start", start, zone));
    Instant until = end == null ? null : wrong.read(() -> IsoTime.time("end", end, zone));
    if (at != null && (from != null || until != null)) {
      wrong.add(
          ApiException.invalid(
              from != null ? "start" : "end", "can't be combined with at, which is a single time"));
    }
    if (from != null && until != null && until.isBefore(from)) {
      wrong.add(ApiException.invalid("end", "must not be before start"));
    }
    if (cron != null) {
      wrong.add(() -> Cron.parse(cron));
    }
    ScheduleDefinition definition =
        new ScheduleDefinition(
            cron == null ? null : cron.strip(),
            every == null
                ? null
                : wrong.read(() -> Durations.parseSeconds("every", every, LEAST, MOST_EVERY)),
            at == null ? null : wrong.read(() -> IsoTime.time("at", at, zone)),
            zone.getId(),
            wrong.read(this::object, "{}"),
            enabled == null || enabled,
            missed == null
                ? MissedFires.NONE
                : wrong.read(() -> missedOf(missed), MissedFires.NONE),
            wrong.read(() -> ScheduleRetry.of(retry), ScheduleRetry.DEFAULT),
            jitter == null
                ? Duration.ZERO
                : wrong.read(
                    () -> Durations.parseSeconds("jitter", jitter, Duration.ZERO, MOST_JITTER),
                    Duration.ZERO),
            from,
            until);
    wrong.refuse();
    return definition;
  }

  @Override
  public void check() {
    var _ = checked();
  }

  private void checkRule() {
    List<String> rules = new ArrayList<>();
    if (cron != null) {
      rules.add("cron");
    }
    if (every != null) {
      rules.add("every");
    }
    if (at != null) {
      rules.add("at");
    }
    if (rules.size() != 1) {
      throw ApiException.invalid(
          rules.isEmpty() ? "cron" : rules.getLast(),
          rules.isEmpty()
              ? "is required: send exactly one of cron, every and at"
              : "must be the only one of cron, every and at: leave the others out; a PATCH sets the"
                  + " old one to null: "
                  + "{\"cron\": null, \"every\": \"PT1H\"}");
    }
  }

  private String object() {
    if (parameters == null || parameters.isNull()) {
      return "{}";
    }
    if (!parameters.isObject()) {
      throw ApiException.invalid("parameters", "must be an object");
    }
    return parameters.toString();
  }

  private static MissedFires missedOf(String code) {
    return Coded.find(MissedFires.class, code)
        .orElseThrow(() -> ApiException.invalid("missed", "must be none, last or all"));
  }

  /**
   * Checks the name of a schedule.
   *
   * @throws ApiException when it is not a valid name
   */
  static void checkName(String name) {
    if (!NAME.matcher(name).matches() || name.equals(".") || name.equals("..")) {
      throw ApiException.invalid("schedule", "a schedule's name is 1 to 64 of A-Z a-z 0-9 . _ ~ -");
    }
  }
}
