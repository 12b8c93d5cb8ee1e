/** The home of a profile in the console. */
@NullMarked
package dev.errand.adapters.console.home;

import org.jspecify.annotations.NullMarked;
