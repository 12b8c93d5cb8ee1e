package dev.errand.base.limit;

import dev.errand.base.http.Paging.Listed;
import dev.errand.base.limit.ReadBudget.Held;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.function.IntFunction;

/**
 * Reads parts of lists that are bounded in bytes as well as in items, where the sizes of the items
 * are known before these are read. The memory for them is held until the request is answered.
 */
@Singleton
public class FittingItems {
  private final RequestMemory memory;
  private final ReadBudget budget;
  private final BoundedPages pages;

  FittingItems(RequestMemory memory, ReadBudget budget, BoundedPages pages) {
    this.pages = pages;
    this.memory = memory;
    this.budget = budget;
  }

  /** The bytes of heap for all that is held. */
  public long most() {
    return budget.capacity();
  }

  /**
   * Reads the first items of a list, as many as fit; one at least. Memory is waited for: this is no
   * part of a transaction, which would hold a connection to the database meanwhile.
   *
   * @param user the name of the user who asks
   * @param most how many at most
   * @param sizes the bytes of the next items of the list in its order, of one more than the most
   *     where there is one
   * @param read reads so many items
   */
  public <T> Listed<T> read(String user, int most, List<Long> sizes, IntFunction<List<T>> read) {
    int fitting = number(most, sizes);
    if (fitting == 0) {
      return new Listed<>(List.of(), false);
    }
    hold(user, sizes.stream().limit(fitting).mapToLong(Long::longValue).sum());
    return new Listed<>(read.apply(fitting), fitting < sizes.size());
  }

  /** How many of the first items of a list fit into a page; one at least. */
  public int number(int most, List<Long> sizes) {
    long bytes = 0;
    int fitting = 0;
    while (fitting < Math.min(most, sizes.size())) {
      bytes += sizes.get(fitting);
      if (fitting > 0 && bytes > pages.mostBytes()) {
        break;
      }
      fitting++;
    }
    return fitting;
  }

  /**
   * Holds memory for so many bytes of texts until the request is answered, as {@link #read} does.
   */
  public void hold(String user, long bytes) {
    Held held = memory.open(user);
    held.hold(bytes);
  }

  /** Holds so many bytes of heap until the request is answered, as {@link #read} does. */
  public void holdHeap(String user, long bytes) {
    Held held = memory.open(user);
    held.holdHeap(bytes);
  }
}
