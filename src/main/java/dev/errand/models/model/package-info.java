/** The vendor-independent view of models: assignments, turns, outcomes, usage and the ports. */
@NullMarked
package dev.errand.models.model;

import org.jspecify.annotations.NullMarked;
