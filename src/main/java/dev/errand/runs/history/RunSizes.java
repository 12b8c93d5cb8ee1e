package dev.errand.runs.history;

import io.quarkus.runtime.annotations.RegisterForReflection;

/**
 * How many bytes the long parts of a run have, as they are stored.
 *
 * @param assignment those of the settings that were fixed when it started
 * @param entries those of all its entries
 */
@RegisterForReflection
public record RunSizes(long parameters, long output, long assignment, long entries) {
  static final RunSizes NONE = new RunSizes(0, 0, 0, 0);
}
