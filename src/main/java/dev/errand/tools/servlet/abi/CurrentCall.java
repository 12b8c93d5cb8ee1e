package dev.errand.tools.servlet.abi;

import dev.errand.tools.servlet.limit.CallEnded;

/**
 * The call that an instance serves; the functions that the instance imports find it here. Until its
 * first call, an instance that was started in advance has a placeholder.
 */
public final class CurrentCall {
  private ServletCall call;
  private boolean taken;

  /**
   * Begins with a placeholder.
   *
   * @param none the placeholder, which offers a core and random numbers
   */
  public CurrentCall(ServletCall none) {
    this.call = none;
  }

  /** Sets the call, which stays. */
  public void take(ServletCall next) {
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
