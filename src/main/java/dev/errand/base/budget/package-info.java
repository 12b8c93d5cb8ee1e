/** A budget of memory for what is parsed from outside. */
@NullMarked
package dev.errand.base.budget;

import org.jspecify.annotations.NullMarked;
