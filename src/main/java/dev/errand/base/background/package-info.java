/** Work in the background: its threads, signals and pauses. */
@NullMarked
package dev.errand.base.background;

import org.jspecify.annotations.NullMarked;
