/** The threads on which this process works in the background. */
@NullMarked
package dev.errand.background;

import org.jspecify.annotations.NullMarked;
