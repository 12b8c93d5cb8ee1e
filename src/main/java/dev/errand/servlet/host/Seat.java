package dev.errand.servlet.host;

/**
 * Where a call sits while an instance works for it: the functions that the instance imports find it
 * here. An instance that is started in advance works for a call that is none yet.
 */
final class Seat {
  private Call call;
  private boolean taken;

  /**
   * A seat that is not taken.
   *
   * @param none what may be used while it is not: a core and random numbers
   */
  Seat(Call none) {
    this.call = none;
  }

  /** Seats a call, which stays. */
  void take(Call next) {
    call = next;
    taken = true;
  }

  /** The call, or the one that is none yet. */
  Call any() {
    return call;
  }

  /**
   * The call.
   *
   * @throws CallEnded.Early when there is none yet
   */
  Call taken() {
    if (!taken) {
      throw new CallEnded.Early();
    }
    return call;
  }
}
