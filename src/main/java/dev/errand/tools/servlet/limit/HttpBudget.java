package dev.errand.tools.servlet.limit;

import java.util.concurrent.atomic.AtomicInteger;

/** HTTP requests that the calls which share this may make together, from any thread. */
public final class HttpBudget {
  /** As many requests as there may be. */
  public static final HttpBudget UNLIMITED = new HttpBudget(Integer.MAX_VALUE);

  private final int most;
  private final AtomicInteger left;

  /**
   * A budget of which nothing is spent.
   *
   * @param most how many requests may be made; 0 or more
   */
  public HttpBudget(int most) {
    if (most < 0) {
      throw new IllegalArgumentException("A budget can't be less than 0");
    }
    this.most = most;
    this.left = new AtomicInteger(most);
  }

  /** Spends one request, if there is one left. */
  public boolean spend() {
    return most == Integer.MAX_VALUE || left.getAndUpdate(n -> Math.max(0, n - 1)) > 0;
  }

  public int most() {
    return most;
  }
}
