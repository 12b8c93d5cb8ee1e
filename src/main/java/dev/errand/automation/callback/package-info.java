/** Callbacks: signed webhooks that report the ends of runs until they are heard. */
@NullMarked
package dev.errand.automation.callback;

import org.jspecify.annotations.NullMarked;
