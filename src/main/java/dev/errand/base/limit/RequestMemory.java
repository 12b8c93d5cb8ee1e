package dev.errand.base.limit;

import dev.errand.base.limit.ReadBudget.Held;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.RequestScoped;
import java.util.ArrayList;
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

  @PreDestroy
  void release() {
    all.forEach(Held::close);
  }
}
