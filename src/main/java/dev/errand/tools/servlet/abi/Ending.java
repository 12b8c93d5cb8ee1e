package dev.errand.tools.servlet.abi;

import org.jspecify.annotations.Nullable;

/** The end of a servlet's execution. */
public sealed interface Ending {
  /**
   * The servlet returned or exited.
   *
   * @param code 0 for success
   * @param output the output that it set
   * @param error the error that it set, if any
   */
  record Returned(int code, byte[] output, @Nullable String error) implements Ending {}

  /**
   * A limit, a refusal or its own fault ended it.
   *
   * @param sentence why, for the model
   */
  record Failed(String sentence) implements Ending {}

  /**
   * It was interrupted.
   *
   * @param atDeadline whether the call's deadline had passed, instead of the servlet's time limit
   */
  record Interrupted(boolean atDeadline) implements Ending {}
}
