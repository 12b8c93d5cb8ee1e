package dev.errand.runs.live;

import dev.errand.base.error.ApiException;
import dev.errand.runs.queue.Run;
import dev.errand.runs.queue.RunDelta;

/** The format of a run's event stream: the data of each kind of event. */
public interface EventForm {

  /**
   * An entry.
   *
   * @param number its number, from 0
   * @param entry a JSON object
   */
  String entry(int number, String entry);

  /** A piece of an answer that is still being written. */
  String delta(RunDelta delta);

  /** The run after its end. */
  String end(Run run);

  /** Why the client may no longer watch. */
  String refused(ApiException refusal);
}
