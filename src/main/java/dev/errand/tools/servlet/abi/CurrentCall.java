package dev.errand.tools.servlet.abi;

import dev.errand.tools.servlet.limit.CallEnded;
import org.jspecify.annotations.Nullable;

/**
 * A holder of the call that an instance serves, for the host functions that the instance imports.
 * An instance that was started in advance has a placeholder until its call.
 */
public final class CurrentCall {
  private ServletCall call;
  private boolean taken;
  private @Nullable Long idleSince;

  /**
   * Begins with a placeholder.
   *
   * @param none the placeholder, which has a compute permit and random numbers
   */
  public CurrentCall(ServletCall none) {
    this.call = none;
  }

  /** The instance has started, and now waits for its call. */
  public void idle() {
    idleSince = System.nanoTime();
  }

  /** Sets the call permanently. */
  public void take(ServletCall next) {
    next.begin(idleSince == null ? 0 : System.nanoTime() - idleSince);
    call = next;
    taken = true;
  }

  /** The call, or the placeholder before it. */
  public ServletCall any() {
    return call;
  }

  /**
   * The call.
   *
   * @throws CallEnded.Early when there is only the placeholder
   */
  ServletCall taken() {
    if (!taken) {
      throw new CallEnded.Early();
    }
    return call;
  }
}
