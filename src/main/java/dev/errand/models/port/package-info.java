/**
 * The vendor-independent view of models: settings, assignments, turns, outcomes, usage and the
 * ports.
 */
@NullMarked
package dev.errand.models.port;

import org.jspecify.annotations.NullMarked;
