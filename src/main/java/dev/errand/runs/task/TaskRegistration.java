package dev.errand.runs.task;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.errand.base.error.ApiException;
import dev.errand.models.model.settings.ModelSettings;
import dev.errand.models.model.settings.SettingsByRunner;
import dev.errand.runs.task.settings.TaskSettings;
import io.quarkus.runtime.annotations.RegisterForReflection;
import org.jspecify.annotations.Nullable;

/**
 * A request to register a task; the settings of its runner are under the runner's name. Fields that
 * only the server sets are ignored, so that the answer of a GET can be PUT.
 */
@RegisterForReflection
@JsonIgnoreProperties({"name", "created_at", "modified_at"})
public final class TaskRegistration extends SettingsByRunner {
  /** What a body consists of, for messages. */
  public static final String SHAPE = "{\"runner\", \"" + RUNNERS + "\", \"settings\"}";

  private final @Nullable String runner;
  private final TaskSettings.@Nullable Request settings;
  private final @Nullable Boolean enabled;

  /**
   * As it stands in JSON.
   *
   * @param runner the runner's name
   * @param settings bounds and key
   * @param enabled false refuses triggers; null is true
   */
  @JsonCreator
  TaskRegistration(
      @Nullable String runner, TaskSettings.@Nullable Request settings, @Nullable Boolean enabled) {
    this.runner = runner;
    this.settings = settings;
    this.enabled = enabled;
  }

  /** A registration with these settings of a runner. */
  public TaskRegistration(
      ModelSettings model, TaskSettings.@Nullable Request settings, @Nullable Boolean enabled) {
    super(model);
    this.runner = model.runner();
    this.settings = settings;
    this.enabled = enabled;
  }

  /**
   * The settings of its runner.
   *
   * @throws ApiException when there is no such runner, or nothing stands under its name
   */
  ModelSettings model() {
    return require(runner);
  }

  /** The bounds and the key. */
  TaskSettings.Request settings() {
    return settings == null ? TaskSettings.Request.EMPTY : settings;
  }

  /** Whether runs may start. */
  boolean isEnabled() {
    return enabled == null || enabled;
  }
}
