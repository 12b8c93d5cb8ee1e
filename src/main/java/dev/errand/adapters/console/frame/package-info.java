/** What the pages of the console have in common: who sees them, their layout, their forms. */
@NullMarked
package dev.errand.adapters.console.frame;

import org.jspecify.annotations.NullMarked;
