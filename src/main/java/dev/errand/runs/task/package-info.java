/** Tasks: a prompt, settings of a model and a key, registered under a name. */
@NullMarked
package dev.errand.runs.task;

import org.jspecify.annotations.NullMarked;
