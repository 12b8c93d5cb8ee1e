/** Workers: claim runs from the queue, execute them and commit every step. */
@NullMarked
package dev.errand.runs.worker;

import org.jspecify.annotations.NullMarked;
