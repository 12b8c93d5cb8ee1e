/**
 * The events of tasks and of their profiles' connections: the one list of them, and the outbox in
 * which they are kept for callbacks and notices.
 */
@NullMarked
package dev.errand.runs.event;

import org.jspecify.annotations.NullMarked;
