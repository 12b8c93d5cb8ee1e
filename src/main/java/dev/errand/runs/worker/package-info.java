/** Works the queue: claims runs, executes them and commits every step. */
@NullMarked
package dev.errand.runs.worker;

import org.jspecify.annotations.NullMarked;
