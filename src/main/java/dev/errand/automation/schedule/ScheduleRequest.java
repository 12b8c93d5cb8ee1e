package dev.errand.automation.schedule;

import com.fasterxml.jackson.databind.JsonNode;
import dev.errand.automation.schedule.calendar.Cron;
import dev.errand.automation.schedule.calendar.IsoTime;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.InvalidFields;
import dev.errand.base.field.ApiSchema;
import dev.errand.base.field.DeclaredFields;
import dev.errand.base.field.Field;
import dev.errand.base.field.Input;
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
import org.jspecify.annotations.Nullable;

/** A request for a schedule; exactly one of the first three fields is required. */
@RegisterForReflection
@ApiSchema(value = "ScheduleRequest", answer = ScheduleView.class, patch = "SchedulePatch")
public record ScheduleRequest(
    @Field(
            value = "Five fields, or a nickname such as `@daily`.",
            placeholder = "30 9 * * MON-FRI",
            note = "Minute, hour, day of month, month, day of week, or for example `@daily`")
        @Nullable String cron,
    @Field(
            value = "A duration of a second to 366 days, such as `PT6H`, `6 hours` or `1h30m`.",
            placeholder = "6 hours",
            note = "A duration, for example `30 minutes`, `6h` or `1 day`",
            durations = {"PT1S", "P366D"},
            examples = {"PT6H", "6 hours", "1h30m"})
        @Nullable String every,
    @Field(
            value = "One time.",
            label = "Time",
            input = Input.TIME,
            note = "In the time zone beside it")
        @Nullable String at,
    @Field(value = "An IANA name.", label = "Time zone", defaultValue = ScheduleRequest.ZONE)
        @Nullable String timezone,
    @Field @Nullable JsonNode parameters,
    @Field(defaultValue = "true") @Nullable Boolean enabled,
    @Field(
            value = "Whether missed times are caught up.",
            label = "Times that were missed while the service or the schedule was paused",
            codes = MissedFires.class,
            defaultValue = "none")
        @Nullable String missed,
    @Field(
            label = "Waits before further tries, if the model can't be reached",
            placeholder = "never",
            note =
                "Durations with commas, for example `5m, 20m, 1h`, or `never`. No try is later"
                    + " than the next time.",
            schema = "ScheduleRetry")
        @Nullable JsonNode retry,
    @Field(
            value = "Delays each fire by a random part of this duration, up to 24 hours.",
            label = "Random delay, at most",
            placeholder = "5 minutes",
            durations = {"PT0S", "PT24H"},
            examples = {"PT5M", "5 minutes"})
        @Nullable String jitter,
    @Field(
            value =
                "Starts the runs of each schedule later by a part of this duration, up to an hour, that is derived from its names.",
            label = "Spread over",
            placeholder = "10 minutes",
            note =
                "Schedules with the same time start one after another, each at its own place in this duration",
            durations = {"PT0S", "PT1H"},
            examples = {"PT10M", "10 minutes"})
        @Nullable String spread,
    @Field(
            value = "The earliest possible time.",
            label = "Not before",
            input = Input.TIME,
            note = "In the time zone above")
        @Nullable String start,
    @Field(
            value = "The latest possible time.",
            label = "Not after",
            input = Input.TIME,
            note = "In the time zone above")
        @Nullable String end)
    implements CheckedRequest {
  static final Duration LONGEST_SPREAD = Duration.ofHours(1);

  private static final String ZONE = "UTC";

  /** The request of a tool: a time rule and parameters, with defaults for all other fields. */
  public static ScheduleRequest of(
      @Nullable String cron,
      @Nullable String every,
      @Nullable String at,
      @Nullable String timezone,
      @Nullable JsonNode parameters) {
    return new ScheduleRequest(
        cron, every, at, timezone, parameters, null, null, null, null, null, null, null);
  }

  /**
   * The checked definition.
   *
   * @throws ApiException that names the field which is wrong
   */
  ScheduleDefinition checked() {
    InvalidFields wrong = new InvalidFields();
    DeclaredFields.check(this, wrong);
    wrong.add(this::checkRule);
    ZoneId zone =
        wrong.read(
            () -> IsoTime.zone("timezone", timezone == null ? ZONE : timezone), ZoneOffset.UTC);
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
            every == null ? null : wrong.read(() -> Durations.parse("every", every)),
            at == null ? null : wrong.read(() -> IsoTime.time("at", at, zone)),
            zone.getId(),
            wrong.read(this::object, "{}"),
            enabled == null || enabled,
            missed == null
                ? MissedFires.NONE
                : Coded.find(MissedFires.class, missed).orElse(MissedFires.NONE),
            wrong.read(() -> ScheduleRetry.of(retry), ScheduleRetry.DEFAULT),
            jitter == null
                ? Duration.ZERO
                : wrong.read(() -> Durations.parse("jitter", jitter), Duration.ZERO),
            spread == null
                ? Duration.ZERO
                : wrong.read(() -> Durations.parse("spread", spread), Duration.ZERO),
            Duration.ZERO,
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
}
