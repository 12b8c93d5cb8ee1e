package dev.errand.models.port;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.errand.base.error.ApiException;
import io.quarkus.runtime.annotations.RegisterForReflection;
import org.jspecify.annotations.Nullable;

/**
 * The JSON form of a runner's settings under its name: {@code {"openai": {…}}}. This is the one
 * place that maps a runner's name to its type of settings. Requests with settings extend this
 * class; views and stored records hold it {@code @JsonUnwrapped}.
 */
@RegisterForReflection
@JsonInclude(JsonInclude.Include.NON_NULL)
public class SettingsByRunner {
  /** The names of all runners, for messages. */
  public static final String RUNNERS = OpenAiSettings.RUNNER;

  @JsonProperty private @Nullable OpenAiSettings openai;

  /** For JSON, which sets the fields. */
  protected SettingsByRunner() {}

  /** Wraps settings under the name of their runner; null for none. */
  protected SettingsByRunner(@Nullable ModelSettings settings) {
    openai =
        switch (settings) {
          case OpenAiSettings own -> own;
          case null -> null;
        };
  }

  /** Wraps settings under the name of their runner. */
  public static SettingsByRunner of(ModelSettings settings) {
    return new SettingsByRunner(settings);
  }

  /** The type of a runner's settings. */
  public static Class<? extends ModelSettings> type(String runner) {
    return switch (runner) {
      case OpenAiSettings.RUNNER -> OpenAiSettings.class;
      default -> throw new IllegalStateException("There is no runner " + runner + ".");
    };
  }

  /**
   * The settings of a runner.
   *
   * @throws ApiException when there is no such runner, or its settings are absent
   */
  public ModelSettings require(@Nullable String runner) {
    @Nullable ModelSettings settings =
        switch (runner == null ? "" : runner) {
          case OpenAiSettings.RUNNER -> openai;
          default ->
              throw ApiException.invalid("runner", "must be " + RUNNERS + ", the only runner");
        };
    if (settings == null) {
      throw ApiException.invalid(String.valueOf(runner), "is required with the runner " + runner);
    }
    return settings;
  }

  /** The settings, for whichever runner; null for none. */
  protected @Nullable ModelSettings anyOrNull() {
    return openai;
  }

  /** The settings, for whichever runner. */
  public ModelSettings any() {
    if (openai == null) {
      throw new IllegalStateException("The settings of a runner are missing.");
    }
    return openai;
  }
}
