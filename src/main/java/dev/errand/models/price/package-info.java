/** What models cost. */
@NullMarked
package dev.errand.models.price;

import org.jspecify.annotations.NullMarked;
