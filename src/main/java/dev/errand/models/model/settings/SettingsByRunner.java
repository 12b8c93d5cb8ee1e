package dev.errand.models.model.settings;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.errand.base.error.ApiException;
import io.quarkus.runtime.annotations.RegisterForReflection;
import org.jspecify.annotations.Nullable;

/**
 * A runner's settings under its name, as they stand in JSON: {@code {"openai": {…}}}. This is the
 * one place where a runner's name decides what its settings are. Requests that hold them extend it;
 * records that show or keep them hold it {@code @JsonUnwrapped}.
 */
@RegisterForReflection
@JsonInclude(JsonInclude.Include.NON_NULL)
public class SettingsByRunner {
  /** The names that there are, for messages. */
  public static final String RUNNERS = OpenAiSettings.RUNNER;

  @JsonProperty private @Nullable OpenAiSettings openai;

  /** None yet: they are read from JSON. */
  protected SettingsByRunner() {}

  /** These, under the name of their runner. */
  protected SettingsByRunner(ModelSettings settings) {
    openai =
        switch (settings) {
          case OpenAiSettings own -> own;
        };
  }

  /** These, under the name of their runner. */
  public static SettingsByRunner of(ModelSettings settings) {
    return new SettingsByRunner(settings);
  }

  /** What the settings of a runner are. */
  public static Class<? extends ModelSettings> type(String runner) {
    return switch (runner) {
      case OpenAiSettings.RUNNER -> OpenAiSettings.class;
      default -> throw new IllegalStateException("There is no runner " + runner + ".");
    };
  }

  /**
   * The settings of a runner.
   *
   * @throws ApiException when there is no such runner, or nothing stands under its name
   */
  public ModelSettings require(@Nullable String runner) {
    @Nullable ModelSettings settings =
        switch (runner == null ? "" : runner) {
          case OpenAiSettings.RUNNER -> openai;
          default ->
              throw ApiException.invalid(
                  "runner", "must be " + RUNNERS + ", the one runner there is");
        };
    if (settings == null) {
      throw ApiException.invalid(String.valueOf(runner), "is required with the runner " + runner);
    }
    return settings;
  }

  /** The settings, whichever runner's they are. */
  public ModelSettings any() {
    if (openai == null) {
      throw new IllegalStateException("There are settings of no runner.");
    }
    return openai;
  }
}
