package dev.errand.runner;

/** Something that a run's owner should know and that does not end the run. */
public sealed interface Warning {
  /** What it is about: the failure that the run would end with if this went on. */
  Failure about();

  /** What happened, for the task's owner; nothing secret. */
  String sentence();

  /**
   * The model did not answer, and is asked again.
   *
   * @param about why it did not
   * @param sentence what happened and when it is asked again
   * @param number which try of the step it was, from 1
   */
  record FailedTry(Failure about, String sentence, int number) implements Warning {}

  /**
   * Four fifths of a bound are used.
   *
   * @param about the bound
   * @param sentence how much of it is used
   */
  record Nearing(Failure about, String sentence) implements Warning {}
}
