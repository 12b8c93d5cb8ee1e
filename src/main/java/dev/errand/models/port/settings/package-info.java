/** Settings of models: those of a task for its runner, and those of the operator for all tasks. */
@NullMarked
package dev.errand.models.port.settings;

import org.jspecify.annotations.NullMarked;
