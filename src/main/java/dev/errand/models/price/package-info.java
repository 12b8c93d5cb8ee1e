/** Prices of models: built in, or set by the operator. */
@NullMarked
package dev.errand.models.price;

import org.jspecify.annotations.NullMarked;
