/**
 * The operations of runs and their REST API: preview, start, cancel, retry, and the requests behind
 * entries.
 */
@NullMarked
package dev.errand.runs.lifecycle;

import org.jspecify.annotations.NullMarked;
