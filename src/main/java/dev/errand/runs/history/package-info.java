/** What is stored of runs, live or ended: journal, pages, transcripts, lists, usage, retention. */
@NullMarked
package dev.errand.runs.history;

import org.jspecify.annotations.NullMarked;
