/** The addresses and forms that older clients expect. */
@NullMarked
package dev.errand.adapters.legacy;

import org.jspecify.annotations.NullMarked;
