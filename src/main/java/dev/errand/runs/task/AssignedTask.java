package dev.errand.runs.task;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.errand.models.port.ModelSettings;
import dev.errand.models.port.SettingsByRunner;
import io.quarkus.runtime.annotations.RegisterForReflection;
import org.jspecify.annotations.Nullable;

/**
 * The snapshot of a task's settings that is fixed when a run starts. It has the rendered prompt,
 * which is also the run's first entry: a claim reads the snapshot, and needs no entries to begin.
 * Processes of the version before read the prompt here, too.
 *
 * @param runner the runner's settings, their templates rendered, under its name
 * @param settings the bounds
 * @param provider the name of the provider that had the key then, as tasks name it; null where
 *     there was none, or an earlier version stored it
 * @param laterTries when it is tried again whose model can't be reached; null for never
 */
@RegisterForReflection
public record AssignedTask(
    @JsonUnwrapped SettingsByRunner runner,
    TaskSettings settings,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String provider,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable LaterTries laterTries) {
  static final String SETTINGS = "settings";
  static final String PROVIDER = "provider";
  static final String LATER_TRIES = "later_tries";

  /** Creates the snapshot with the settings of a runner. */
  AssignedTask(ModelSettings model, TaskSettings settings, @Nullable String provider) {
    this(SettingsByRunner.of(model), settings, provider, null);
  }

  public AssignedTask with(@Nullable LaterTries later) {
    return new AssignedTask(runner, settings, provider, later);
  }

  /** The same where the model is asked in its server's default tier of service. */
  public AssignedTask atDefaultTier() {
    return new AssignedTask(
        SettingsByRunner.of(model().withoutServiceTier()), settings, provider, laterTries);
  }

  /** The runner's settings, their templates rendered. */
  public ModelSettings model() {
    return runner.any();
  }

  public String prompt() {
    return model().prompt();
  }
}
