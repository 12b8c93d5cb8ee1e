/** The pages of callbacks: list, deliveries. */
@NullMarked
package dev.errand.adapters.console.callback;

import org.jspecify.annotations.NullMarked;
