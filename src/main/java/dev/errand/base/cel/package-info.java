/** Conditions that users write in the Common Expression Language, evaluated within bounds. */
@NullMarked
package dev.errand.base.cel;

import org.jspecify.annotations.NullMarked;
