package dev.errand.tools.servlet.abi;

import org.jspecify.annotations.Nullable;

/** How the code of a servlet ended. */
public sealed interface Ending {
  /**
   * It returned, or exited.
   *
   * @param code 0 when all is well
   * @param output what it set as its output
   * @param error what it set as its error, if anything
   */
  record Returned(int code, byte[] output, @Nullable String error) implements Ending {}

  /**
   * It was ended by a limit, a refusal or a fault of its own.
   *
   * @param sentence why, for the model
   */
  record Failed(String sentence) implements Ending {}

  /**
   * It was interrupted; whoever did that knows why.
   *
   * @param atDeadline whether the caller's own deadline was over, not the time that it may take
   */
  record Interrupted(boolean atDeadline) implements Ending {}
}
