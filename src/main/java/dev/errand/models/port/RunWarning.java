package dev.errand.models.port;

/** A warning in a run's results, which does not end the run. */
public sealed interface RunWarning {
  /** What happened, for the task's owner; nothing secret. */
  String sentence();

  /**
   * A request to the model failed and is retried.
   *
   * @param about the failure, with which the run ends if the retries fail, too
   * @param sentence what happened and when the model is asked again
   * @param number the number of the failed try within its step, from 1
   * @param used what the failed request used
   */
  record FailedAttempt(RunError about, String sentence, int number, Usage.Step used)
      implements RunWarning {}

  /**
   * The run has used 80 % of a bound.
   *
   * @param sentence how much of it is used
   */
  record NearLimit(RunError about, String sentence) implements RunWarning {
    public NearLimit {
      if (!about.isBound()) {
        throw new IllegalArgumentException(about.code() + " is no bound.");
      }
    }
  }

  /**
   * Something that the task's owner should know, such as that the model's last message is not its
   * whole answer.
   *
   * @param sentence what happened and what to do
   */
  record Noted(WarningCode code, String sentence) implements RunWarning {}
}
