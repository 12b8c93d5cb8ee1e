/** The memory budget for parsing data from outside. */
@NullMarked
package dev.errand.base.budget;

import org.jspecify.annotations.NullMarked;
