/** The pages of triggers: list, edit, deliveries. */
@NullMarked
package dev.errand.adapters.console.trigger;

import org.jspecify.annotations.NullMarked;
