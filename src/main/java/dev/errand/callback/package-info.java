/** Callbacks: tells whom a task names of the ends of its runs, and again until it is heard. */
@NullMarked
package dev.errand.callback;

import org.jspecify.annotations.NullMarked;
