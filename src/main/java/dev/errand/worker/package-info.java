/** Works the queue: claims runs, executes them and writes down every step. */
@NullMarked
package dev.errand.worker;

import org.jspecify.annotations.NullMarked;
