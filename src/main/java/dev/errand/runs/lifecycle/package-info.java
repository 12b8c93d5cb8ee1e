/**
 * The operations of runs and their REST API. {@code RunService} is what callers use: it starts runs
 * by {@code RunStarter} (which has them prepared by {@code RunPreparer}), cancels and retries them
 * by {@code CancelAndRetry}, and reads them. {@code PreviewService} shows what a start would do,
 * {@code EntryRequests} the requests behind entries.
 */
@NullMarked
package dev.errand.runs.lifecycle;

import org.jspecify.annotations.NullMarked;
