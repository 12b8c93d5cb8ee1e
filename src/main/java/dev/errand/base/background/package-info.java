/** Background work: threads, periodic jobs, and pools that work through a queue. */
@NullMarked
package dev.errand.base.background;

import org.jspecify.annotations.NullMarked;
