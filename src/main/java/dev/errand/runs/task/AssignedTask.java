package dev.errand.runs.task;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.errand.models.openai.OpenAiSettings;
import io.quarkus.runtime.annotations.RegisterForReflection;

/**
 * What a run was asked to do, as it was fixed at the trigger.
 *
 * @param openai the runner's settings, their templates rendered
 * @param settings the bounds
 */
@RegisterForReflection
public record AssignedTask(OpenAiSettings openai, TaskSettings settings) {

  /** What the model is asked first. */
  @JsonIgnore
  public String prompt() {
    return openai.prompt();
  }
}
