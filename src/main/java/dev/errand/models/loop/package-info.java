/** The tool loop: ask the model, call the tools that it names, within the bounds of the run. */
@NullMarked
package dev.errand.models.loop;

import org.jspecify.annotations.NullMarked;
