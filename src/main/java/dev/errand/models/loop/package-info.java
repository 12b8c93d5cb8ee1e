/** The tool loop: asks the model and executes its tool calls, within the bounds of the run. */
@NullMarked
package dev.errand.models.loop;

import org.jspecify.annotations.NullMarked;
