/** Watches runs while they go on: long polls and Server-Sent Events. */
@NullMarked
package dev.errand.runs.run.watch;

import org.jspecify.annotations.NullMarked;
