/** Health checks, metrics, logs and traces. */
@NullMarked
package dev.errand.app.telemetry;

import org.jspecify.annotations.NullMarked;
