package dev.errand.runs.task;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.errand.models.port.ModelSettings;
import dev.errand.models.port.SettingsByRunner;
import io.quarkus.runtime.annotations.RegisterForReflection;

/**
 * The snapshot of a task's settings that is fixed when a run starts. It has the rendered prompt,
 * which is also the run's first entry: a claim reads the snapshot, and needs no entries to begin.
 * Processes of the version before read the prompt here, too.
 *
 * @param runner the runner's settings, their templates rendered, under its name
 * @param settings the bounds
 */
@RegisterForReflection
public record AssignedTask(@JsonUnwrapped SettingsByRunner runner, TaskSettings settings) {

  /** Creates the snapshot with the settings of a runner. */
  public AssignedTask(ModelSettings model, TaskSettings settings) {
    this(SettingsByRunner.of(model), settings);
  }

  /** The runner's settings, their templates rendered. */
  public ModelSettings model() {
    return runner.any();
  }

  public String prompt() {
    return model().prompt();
  }
}
