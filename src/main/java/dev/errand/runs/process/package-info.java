/** The processes that work the queue, as all of them know of each other. */
@NullMarked
package dev.errand.runs.process;

import org.jspecify.annotations.NullMarked;
