/**
 * What a task requires of the end of its runs: the JSON Schema of the last message, and what must
 * have been done before it.
 */
@NullMarked
package dev.errand.models.output;

import org.jspecify.annotations.NullMarked;
