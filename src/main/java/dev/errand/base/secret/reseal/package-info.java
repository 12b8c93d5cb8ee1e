/** Resealing everything with another master key. */
@NullMarked
package dev.errand.base.secret.reseal;

import org.jspecify.annotations.NullMarked;
