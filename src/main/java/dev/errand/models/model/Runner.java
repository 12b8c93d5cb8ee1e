package dev.errand.models.model;

/** Asks a model until it has no more to ask for. */
public interface Runner {

  /**
   * Goes on from the assignment's transcript to an end.
   *
   * @throws InterruptedException when the calling thread is interrupted, or the run is no longer
   *     held: nothing goes on then, and what the listener was told is all that happened
   */
  Outcome run(Assignment assignment, RunListener listener) throws InterruptedException;
}
