package dev.errand.runs.history;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.InvalidFields;
import dev.errand.base.field.ApiSchema;
import dev.errand.base.field.Field;
import dev.errand.base.json.IsoInstant;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The usage in a span of days, as clients see it. */
@RegisterForReflection
@ApiSchema("Usage")
public record UsageView(
    @Field(value = "The first day, in UTC.", format = "date") LocalDate from,
    @Field(value = "The last day.", format = "date") LocalDate to,
    @Field UsageSum total,
    @Field List<Day> days) {

  /** The same of all tasks of a profile, and of each. */
  @RegisterForReflection
  @ApiSchema("ProfileUsage")
  public record OfProfile(@JsonUnwrapped UsageView all, @Field List<OfTask> tasks) {
    static OfProfile of(Span span, UsageStore.Used used) {
      return new OfProfile(
          UsageView.of(span, used),
          used.tasks().stream()
              .map(task -> new OfTask(task.name(), task.deleted(), task.used()))
              .toList());
    }
  }

  /** The usage of runs that ended on a day. */
  @RegisterForReflection
  @ApiSchema("UsageOfDay")
  public record Day(@Field(format = "date") LocalDate day, @JsonUnwrapped UsageSum used) {}

  /** The usage of a task's runs; the name of one that was deleted may be another task's now. */
  @RegisterForReflection
  @ApiSchema("UsageOfTask")
  public record OfTask(
      @Field String task,
      @Field("Whether the task was deleted.") boolean deleted,
      @JsonUnwrapped UsageSum used) {}

  /**
   * The requested span of days.
   *
   * @param from the first day, in UTC
   */
  record Span(LocalDate from, LocalDate to) {
    private static final int DEFAULT_DAYS = 30;
    private static final int MOST_DAYS = 366;
    private static final int DATE_LENGTH = "2026-11-24".length();

    /**
     * Parses the span that a request names.
     *
     * @param today the last day by default
     * @throws ApiException when the span is not valid, or too long
     */
    static Span of(@Nullable String from, @Nullable String to, LocalDate today) {
      InvalidFields wrong = new InvalidFields();
      LocalDate last = to == null ? today : wrong.read(() -> date("to", to), today);
      LocalDate first =
          from == null
              ? last.minusDays(DEFAULT_DAYS - 1)
              : wrong.read(() -> date("from", from), last);
      wrong.refuse();
      if (first.isAfter(last)) {
        throw ApiException.invalid("from", "is after " + last + ", the last day");
      }
      if (first.plusDays(MOST_DAYS - 1).isBefore(last)) {
        throw ApiException.invalid(
            "from", "is more than " + MOST_DAYS + " days before " + last + ", the last day");
      }
      return new Span(first, last);
    }

    private static LocalDate date(String field, String text) {
      try {
        LocalDate date =
            text.length() > DATE_LENGTH
                ? IsoInstant.parse(field, text, ChronoUnit.DAYS)
                    .atOffset(ZoneOffset.UTC)
                    .toLocalDate()
                : LocalDate.parse(text);
        if (date.getYear() >= 1970 && date.getYear() <= 9999) {
          return date;
        }
      } catch (DateTimeParseException e) {
        // Refused below.
      }
      throw ApiException.invalid(
          field,
          "must be a date such as 2026-11-24, or a time with its offset such as"
              + " 2026-11-24T09:30:00Z, which means its day in UTC");
    }
  }

  static UsageView of(Span span, UsageStore.Used used) {
    return new UsageView(
        span.from(),
        span.to(),
        used.days().values().stream().reduce(UsageSum.NONE, UsageSum::plus),
        span.from()
            .datesUntil(span.to().plusDays(1))
            .map(day -> new Day(day, used.days().getOrDefault(day, UsageSum.NONE)))
            .toList());
  }
}
