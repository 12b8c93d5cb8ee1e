package dev.errand.runs.history;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.quarkus.runtime.annotations.RegisterForReflection;

/**
 * A run of a profile as clients see it.
 *
 * @param run the run, without its entries
 */
@RegisterForReflection
public record ListedRunView(String task, @JsonUnwrapped RunView run) {}
