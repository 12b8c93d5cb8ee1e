/** Tasks: a prompt, a runner's settings and a key, registered under a name. */
@NullMarked
package dev.errand.task;

import org.jspecify.annotations.NullMarked;
