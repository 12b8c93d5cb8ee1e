/** Settings of models: those of a task for its runner, and those of the operator for all tasks. */
@NullMarked
package dev.errand.models.model.settings;

import org.jspecify.annotations.NullMarked;
