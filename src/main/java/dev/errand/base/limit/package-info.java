/** Bounds of this process: memory for data from outside, rates, and caches. */
@NullMarked
package dev.errand.base.limit;

import org.jspecify.annotations.NullMarked;
