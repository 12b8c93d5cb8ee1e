/** The addresses and shapes that clients of the second generation send and expect. */
@NullMarked
package dev.errand.compat;

import org.jspecify.annotations.NullMarked;
