package dev.errand.tools.servlet.abi;

import dev.errand.tools.servlet.limit.CallEnded;

/**
 * Where a call sits while an instance works for it: the functions that the instance imports find it
 * here. An instance that is started in advance works for a call that is none yet.
 */
public final class Seat {
  private ServletCall call;
  private boolean taken;

  /**
   * A seat that is not taken.
   *
   * @param none what may be used while it is not: a core and random numbers
   */
  public Seat(ServletCall none) {
    this.call = none;
  }

  /** Seats a call, which stays. */
  public void take(ServletCall next) {
    call = next;
    taken = true;
  }

  /** The call, or the one that is none yet. */
  public ServletCall any() {
    return call;
  }

  /**
   * The call.
   *
   * @throws CallEnded.Early when there is none yet
   */
  ServletCall taken() {
    if (!taken) {
      throw new CallEnded.Early();
    }
    return call;
  }
}
