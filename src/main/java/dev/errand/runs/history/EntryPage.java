package dev.errand.runs.history;

import dev.errand.runs.history.EntryPages.State;
import dev.errand.runs.queue.RunStatus;
import java.util.List;

/**
 * A page of consecutive entries of a run, with the run's state when they were read.
 *
 * @param first the number of the first entry, from 0
 * @param entries the entries, each a JSON object
 */
public record EntryPage(int first, List<String> entries, State state) {

  public RunStatus status() {
    return state.status();
  }

  /** How many entries the run has. */
  public int count() {
    return state.count();
  }

  /** The number of the first entry after this page. */
  int next() {
    return first + entries.size();
  }

  /** Whether this page can serve a read from that entry on, if the run has not changed. */
  public boolean covers(int from) {
    return from >= first && (from < next() || next() == count());
  }

  /** The part of this page from that entry on. */
  public EntryPage from(int seq) {
    int skipped = Math.min(seq - first, entries.size());
    return new EntryPage(seq, entries.subList(skipped, entries.size()), state);
  }

  /** Whether the run has ended and this page has its last entry. */
  public boolean isLast() {
    return status().isEnd() && next() >= count();
  }

  /** Whether the run waits for a person and this page has its last entry. */
  public boolean isLastForNow() {
    return state.waits() && next() >= count();
  }
}
