package dev.errand.runs.task;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.InvalidFields;
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
 * @param readyEvery how often a run has to become ready at least; null where it need not
 * @param endsWithin how long a run may be live after it was due; null for any time
 * @param errorsInARow how many runs may not fail one after the other; null for any number
 * @param others fields that another version stored: kept, shown and not used
 */
@RegisterForReflection
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TaskWatch(
    @Nullable Duration readyEvery,
    @Nullable Duration endsWithin,
    @JsonProperty("errors_in_a_row") @Nullable Integer errorsInARow,
    @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> others) {
  private static final Duration LEAST = Duration.ofMinutes(1);
  private static final Duration LONGEST_PERIOD = Duration.ofDays(366);
  private static final Duration LONGEST_RUN = Duration.ofDays(31);
  private static final int MOST_ERRORS = 100;

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
  public record Request(
      @Nullable String readyEvery,
      @Nullable String endsWithin,
      @JsonProperty("errors_in_a_row") @Nullable Integer errorsInARow,
      @JsonAnySetter Map<String, JsonNode> others) {

    /** Has no unknown fields where JSON has none. */
    public Request {
      others = Collections.unmodifiableMap(Objects.requireNonNullElse(others, Map.of()));
    }

    /**
     * The checked watch of the request; null where it expects nothing.
     *
     * @throws ApiException that names the field which is wrong
     */
    @Nullable TaskWatch checked() {
      InvalidFields wrong = new InvalidFields();
      if (errorsInARow != null && (errorsInARow < 1 || errorsInARow > MOST_ERRORS)) {
        wrong.add(
            ApiException.invalid(
                "settings.watch.errors_in_a_row", "must be between 1 and " + MOST_ERRORS));
      }
      TaskWatch watch =
          new TaskWatch(
              wrong.read(() -> duration("ready_every", readyEvery, LONGEST_PERIOD)),
              wrong.read(() -> duration("ends_within", endsWithin, LONGEST_RUN)),
              errorsInARow,
              others);
      wrong.refuse();
      return watch.equals(new TaskWatch(null, null, null, Map.of())) ? null : watch;
    }

    private static @Nullable Duration duration(
        String field, @Nullable String text, Duration longest) {
      return text == null
          ? null
          : Durations.parseSeconds("settings.watch." + field, text, LEAST, longest);
    }
  }
}
