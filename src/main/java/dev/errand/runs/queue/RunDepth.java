package dev.errand.runs.queue;

import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;

/** How many runs may stand above one, each started by the one above it: such chains have to end. */
public final class RunDepth {
  /** The most that may stand above a run. */
  public static final int DEEPEST = 5;

  private RunDepth() {}

  /**
   * Checks how deep a run would stand.
   *
   * @param depth how many runs would stand above it
   * @throws ApiException {@link ErrorCode#DEPTH_EXCEEDED}
   */
  public static void check(int depth) {
    if (depth > DEEPEST) {
      throw new ApiException(
          ErrorCode.DEPTH_EXCEEDED,
          "Runs that start runs may go "
              + DEEPEST
              + " deep, and this one would stand deeper: leave it to a person, or to a run that"
              + " stands higher.");
    }
  }
}
