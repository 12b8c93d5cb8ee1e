package dev.errand.runs.run.archive;

import dev.errand.runs.queue.record.RunStatus;
import java.util.List;

/**
 * Some entries of a run, one after the other, and how the run stood when they were read.
 *
 * @param first the number of the first entry, from 0
 * @param entries the entries, each a JSON object
 * @param status how the run stood
 * @param count how many entries it had
 */
public record RunPage(int first, List<String> entries, RunStatus status, int count) {

  /** The number of the entry that follows this page. */
  int next() {
    return first + entries.size();
  }

  /** Whether an answer from this page is as good as one from the table, if nothing has changed. */
  public boolean tells(int from) {
    return from >= first && (from < next() || next() == count);
  }

  /** What is left of this page from that entry on. */
  public RunPage from(int seq) {
    int skipped = Math.min(seq - first, entries.size());
    return new RunPage(seq, entries.subList(skipped, entries.size()), status, count);
  }

  /** Whether nothing more will come after it. */
  public boolean isLast() {
    return status.isEnd() && next() >= count;
  }
}
