/**
 * Workers: claim runs from the queue, execute them, commit every step, and report that they live.
 */
@NullMarked
package dev.errand.runs.worker;

import org.jspecify.annotations.NullMarked;
