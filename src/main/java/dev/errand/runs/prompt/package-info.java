/** Prompt templates: Mustache without HTML escaping. */
@NullMarked
package dev.errand.runs.prompt;

import org.jspecify.annotations.NullMarked;
