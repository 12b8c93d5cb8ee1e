package dev.errand.runs.task;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import dev.errand.base.error.InvalidFields;
import dev.errand.base.field.ApiSchema;
import dev.errand.base.field.DeclaredFields;
import dev.errand.base.field.Field;
import dev.errand.base.json.CheckedRequest;
import dev.errand.base.json.Durations;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is expected of a task over time; {@code watch.missed} is raised where it does not happen.
 *
 * @param others fields that another version stored: kept, shown and not used
 */
@RegisterForReflection
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TaskWatch(
    @Field @Nullable Duration readyEvery,
    @Field @Nullable Duration endsWithin,
    @Field @JsonProperty("errors_in_a_row") @Nullable Integer errorsInARow,
    @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> others) {
  /** Has no fields of other versions where JSON has none. */
  public TaskWatch {
    others = Collections.unmodifiableMap(Objects.requireNonNullElse(others, Map.of()));
  }

  /**
   * The watch in a request; what is null is not expected.
   *
   * @param others unknown fields, which are refused unless another version stored them
   */
  @RegisterForReflection
  @ApiSchema(
      value = "TaskWatch",
      description =
          "What is expected of a task over time; what is absent is not. What is missed raises"
              + " `watch.missed`, and its end `watch.recovered`.")
  public record Request(
      @Field(
              value =
                  "A run becomes ready at least so often: a duration of a minute to 366 days, such"
                      + " as `PT25H` or `25 hours`.",
              label = "A run done every",
              note = "For example 25 hours for a daily task",
              placeholder = "25 hours",
              durations = {"PT1M", "P366D"})
          @Nullable String readyEvery,
      @Field(
              value =
                  "No run is live for longer after it was due: a duration of a minute to 31 days,"
                      + " such as `PT10M` or `10m`.",
              label = "Runs end within",
              note = "For example 10 minutes",
              placeholder = "10 minutes",
              durations = {"PT1M", "P31D"})
          @Nullable String endsWithin,
      @Field(
              value = "Fewer runs than this fail one after the other.",
              label = "Failures in a row",
              note = "So many are too many, 1 to 100",
              least = 1,
              most = 100)
          @JsonProperty("errors_in_a_row")
          @Nullable Integer errorsInARow,
      @JsonAnySetter Map<String, JsonNode> others)
      implements CheckedRequest {

    /** Has no unknown fields where JSON has none. */
    public Request {
      others = Collections.unmodifiableMap(Objects.requireNonNullElse(others, Map.of()));
    }

    @Override
    public void check() {
      DeclaredFields.check(this);
    }

    /**
     * The watch of the request, whose fields are checked; null where it expects nothing.
     *
     * @param wrong is told of what is no duration
     */
    @Nullable TaskWatch read(InvalidFields wrong) {
      TaskWatch watch =
          new TaskWatch(
              wrong.read(() -> duration("ready_every", readyEvery)),
              wrong.read(() -> duration("ends_within", endsWithin)),
              errorsInARow,
              others);
      return watch.equals(new TaskWatch(null, null, null, Map.of())) ? null : watch;
    }

    private static @Nullable Duration duration(String field, @Nullable String text) {
      return text == null ? null : Durations.parse("settings.watch." + field, text);
    }
  }
}
