/** Watching live runs: long polls and Server-Sent Events. */
@NullMarked
package dev.errand.runs.watch;

import org.jspecify.annotations.NullMarked;
