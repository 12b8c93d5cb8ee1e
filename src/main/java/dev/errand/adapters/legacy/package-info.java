/** The addresses and shapes of older clients. */
@NullMarked
package dev.errand.adapters.legacy;

import org.jspecify.annotations.NullMarked;
