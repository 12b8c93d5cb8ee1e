/** Prompt templates: Mustache without HTML escaping. */
@NullMarked
package dev.errand.runs.task.prompt;

import org.jspecify.annotations.NullMarked;
