/**
 * Bounds of this process: sizes and speeds of requests, memory for data from outside, rates,
 * caches.
 */
@NullMarked
package dev.errand.base.limit;

import org.jspecify.annotations.NullMarked;
