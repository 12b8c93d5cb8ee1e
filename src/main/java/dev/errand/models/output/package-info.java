/** Structured output: the JSON Schema of a task, and the check of an answer against it. */
@NullMarked
package dev.errand.models.output;

import org.jspecify.annotations.NullMarked;
