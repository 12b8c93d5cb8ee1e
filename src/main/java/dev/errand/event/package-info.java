/**
 * The platform's events: in come enqueued runs and ticks, out go the runs that were enqueued here.
 */
@NullMarked
package dev.errand.event;

import org.jspecify.annotations.NullMarked;
