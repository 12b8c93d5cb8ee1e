package dev.errand.tools.servlet.abi;

/** The end of a servlet's execution. */
public sealed interface Ending {
  /** The servlet returned or exited. */
  record Returned(byte[] output) implements Ending {}

  /**
   * The servlet returned or exited with an error of its own: a text, or a code other than 0.
   *
   * @param sentence the text, or what is known instead
   */
  record ReturnedError(String sentence) implements Ending {}

  /** A limit, a refusal or its own fault ended it. */
  record Failed(String sentence) implements Ending {}

  /**
   * It was interrupted.
   *
   * @param atDeadline whether the call's deadline had passed, instead of the servlet's time limit
   */
  record Interrupted(boolean atDeadline) implements Ending {}
}
