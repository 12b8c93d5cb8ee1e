/**
 * What is stored of runs, live or ended.
 *
 * <ul>
 *   <li>Written: {@code RunJournal} appends the steps of a run, for the worker that holds it, and
 *       {@code RunRetention} removes runs that ended long ago.
 *   <li>Read: {@code RunArchive} has a run or the runs of a task, {@code RunSearch} the list of a
 *       profile, {@code EntryPages} the entries of a run by pages, for watchers and the console,
 *       and {@code NewestReadyRuns} the runs with which prompts compare. {@code RunView} is a run
 *       as clients see it.
 *   <li>Resumed: {@code Transcripts} rebuilds the conversation from the entries.
 *   <li>Summed: {@code UsageStore} has the usage by task and day.
 * </ul>
 */
@NullMarked
package dev.errand.runs.history;

import org.jspecify.annotations.NullMarked;
