package dev.errand.base.limit;

import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.limit.ReadBudget.Held;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.RequestScoped;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What the current request holds of the {@link ReadBudget}, until its answer is written. The scope
 * ends when its thread is done with it, even where the client has left before.
 */
@RequestScoped
public class RequestMemory {
  private final ReadBudget budget;
  private final List<Held> all = new ArrayList<>();

  RequestMemory(ReadBudget budget) {
    this.budget = budget;
  }

  /**
   * Begins to hold memory, of which nothing is reserved yet.
   *
   * @param user the name of the user who asks
   */
  public Held open(String user) {
    Held held = budget.open(user, List.copyOf(all));
    all.add(held);
    return held;
  }

  /**
   * Releases what the request holds but for so many bytes of heap, for what is left of it when it
   * is over.
   *
   * @param user the name of the user who asks
   * @return what holds these, for the caller to close
   * @throws ApiException {@link ErrorCode#UNAVAILABLE} where the request held less, and the rest
   *     was not free in time; nothing is held then
   */
  public Held keep(String user, long bytes) {
    Held kept =
        all.stream().max(Comparator.comparingLong(Held::heap)).orElseGet(() -> budget.open(user));
    all.remove(kept);
    release();
    all.clear();
    try {
      kept.keepHeap(bytes);
      if (kept.heap() < bytes) {
        kept.holdHeap(bytes - kept.heap());
      }
    } catch (RuntimeException e) {
      kept.close();
      throw e;
    }
    return kept;
  }

  @PreDestroy
  void release() {
    all.forEach(Held::close);
  }
}
