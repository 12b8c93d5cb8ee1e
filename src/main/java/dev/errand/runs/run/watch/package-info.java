/** Watching live runs: long polls and Server-Sent Events. */
@NullMarked
package dev.errand.runs.run.watch;

import org.jspecify.annotations.NullMarked;
