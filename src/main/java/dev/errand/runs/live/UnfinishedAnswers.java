package dev.errand.runs.live;

import dev.errand.base.json.WellFormed;
import dev.errand.runs.queue.RunDelta;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The texts of unfinished answers that this process is receiving from models, for watchers that
 * join in the middle. Of a long text, only the end is kept.
 */
final class UnfinishedAnswers {
  private static final int MOST_TEXT = 32 * 1024;
  private static final int MOST_RUNS = 200;
  private static final String CUT = "…";

  private final Map<Long, StringBuilder> texts = new HashMap<>();

  /**
   * Adds a piece, and passes it on to the present watchers.
   *
   * @param watchers receives the piece before another watcher can join
   */
  synchronized void add(RunDelta piece, Consumer<RunDelta> watchers) {
    StringBuilder text = texts.get(piece.runId());
    if (text == null && texts.size() < MOST_RUNS) {
      text = new StringBuilder();
      texts.put(piece.runId(), text);
    }
    if (text != null) {
      if (piece.restart()) {
        text.setLength(0);
      }
      text.append(piece.text());
      if (text.length() > 2 * MOST_TEXT) {
        text.delete(0, WellFormed.boundary(text, text.length() - MOST_TEXT)).insert(0, CUT);
      }
    }
    watchers.accept(piece);
  }

  /**
   * Lets a watcher join.
   *
   * @param joins adds the watcher, and receives the text so far, which may be empty
   */
  synchronized void join(long runId, Consumer<String> joins) {
    StringBuilder text = texts.get(runId);
    joins.accept(text == null ? "" : text.toString());
  }

  /** Removes an answer: an entry contains it now, or it was dropped. */
  synchronized void remove(long runId) {
    texts.remove(runId);
  }
}
