/**
 * Watching live runs: long polls and Server-Sent Events.
 *
 * <p>{@link dev.errand.runs.live.WatchService} begins to watch for a caller. {@link
 * dev.errand.runs.live.RunWatchers} has all watchers of this process: a {@code WatchedRun} for each
 * run, which reads once for all of its watchers, and in it a {@link
 * dev.errand.runs.live.WatchSubscription} for each watcher. {@code RunChangePoller} tells them what
 * other processes changed. Each watcher holds a place of {@link
 * dev.errand.runs.live.LongRequestPlaces}.
 *
 * <p>While a model writes, its text is in three buffers, each with its own bound. {@code
 * UnfinishedAnswers} keeps the answer of each run that this process works on, for watchers who come
 * late. {@link dev.errand.runs.live.DeltaPublisher} collects what other processes have not been
 * sent. A subscription keeps what its client has not read.
 */
@NullMarked
package dev.errand.runs.live;

import org.jspecify.annotations.NullMarked;
