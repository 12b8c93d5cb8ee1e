/** Triggers: addresses outside the API where a signed URL or a verified webhook starts a run. */
@NullMarked
package dev.errand.trigger;

import org.jspecify.annotations.NullMarked;
