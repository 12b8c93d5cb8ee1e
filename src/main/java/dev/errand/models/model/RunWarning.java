package dev.errand.models.model;

/** Something that a run's owner should know and that does not end the run. */
public sealed interface RunWarning {
  /** What happened, for the task's owner; nothing secret. */
  String sentence();

  /**
   * The model did not answer, and is asked again.
   *
   * @param about why it did not; the run would end with it if this went on
   * @param sentence what happened and when it is asked again
   * @param number which try of the step it was, from 1
   */
  record FailedTry(RunFailure about, String sentence, int number) implements RunWarning {}

  /**
   * Four fifths of a bound are used.
   *
   * @param about the bound
   * @param sentence how much of it is used
   */
  record Nearing(RunFailure about, String sentence) implements RunWarning {}

  /**
   * The model's last message is not all of its answer.
   *
   * @param code a stable code that says why
   * @param sentence what happened and what to do
   */
  record Incomplete(String code, String sentence) implements RunWarning {}
}
