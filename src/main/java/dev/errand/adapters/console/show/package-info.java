/** How the pages of the console show runs, times and amounts. */
@NullMarked
package dev.errand.adapters.console.show;

import org.jspecify.annotations.NullMarked;
