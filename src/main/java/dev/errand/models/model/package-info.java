/** What the rest of the service knows of models: assignments, outcomes, usage, and the ports. */
@NullMarked
package dev.errand.models.model;

import org.jspecify.annotations.NullMarked;
