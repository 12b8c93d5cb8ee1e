package dev.errand.tools.servlet.limit;

import java.util.concurrent.atomic.AtomicInteger;

/** A thread-safe budget of HTTP requests that several calls share. */
public final class HttpBudget {
  public static final HttpBudget UNLIMITED = new HttpBudget(Integer.MAX_VALUE);

  private final int most;
  private final AtomicInteger left;

  /**
   * Creates an unspent budget.
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
