package dev.errand.runs.lifecycle;

import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;

/** The bound on chains of runs, each started by a tool call of the run before it. */
public final class RunDepthLimit {
  /** The most ancestors that a run may have. */
  public static final int DEEPEST = 5;

  private RunDepthLimit() {}

  /**
   * Checks the depth of a run before it starts.
   *
   * @throws ApiException {@link ErrorCode#DEPTH_EXCEEDED}
   */
  public static void check(int depth) {
    if (depth > DEEPEST) {
      throw new ApiException(
          ErrorCode.DEPTH_EXCEEDED,
          "Runs may start runs "
              + DEEPEST
              + " levels deep, and this run would exceed that: start it yourself, or from a run"
              + " at a higher level.");
    }
  }
}
