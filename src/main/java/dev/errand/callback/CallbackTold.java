package dev.errand.callback;

/**
 * A callback was told of the end of a run, or it was tried to.
 *
 * @param outcome how that ended
 */
public record CallbackTold(Outcome outcome) {

  /** How it ended. */
  public enum Outcome {
    /** It was heard. */
    HEARD,
    /** The other side wants to hear nothing any more. */
    UNWANTED,
    /** The other side answered with another status. */
    ANSWERED_OTHERWISE,
    /** Nobody answered. */
    UNANSWERED,
    /** The address may not be called. */
    REFUSED
  }
}
