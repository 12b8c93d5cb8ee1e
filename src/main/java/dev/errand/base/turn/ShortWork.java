package dev.errand.base.turn;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Work on the calling thread that ends when it turns out to take long. */
public final class ShortWork {
  private static final ThreadLocal<@Nullable ShortWork> CURRENT = new ThreadLocal<>();

  private long left;

  private ShortWork(long most) {
    this.left = most;
  }

  /**
   * Does work that counts its steps by {@link FairPool#check(long)}.
   *
   * @param most how many it may take
   * @throws WorkStoppedException when it takes more
   */
  public static <T extends @Nullable Object> T call(long most, Supplier<T> work) {
    ShortWork before = CURRENT.get();
    CURRENT.set(new ShortWork(most));
    try {
      return work.get();
    } finally {
      if (before == null) {
        CURRENT.remove();
      } else {
        CURRENT.set(before);
      }
    }
  }

  static void take(long steps) {
    ShortWork current = CURRENT.get();
    if (current != null) {
      current.left -= steps;
      if (current.left < 0) {
        throw new WorkStoppedException();
      }
    }
  }
}
