package dev.errand.base.limit;

import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.limit.ReadBudget.Held;
import io.quarkus.arc.Arc;
import jakarta.inject.Singleton;

/**
 * Memory of the {@link ReadBudget} for what is made for somebody, such as a long prompt: in a
 * request it is held until the client has the answer, elsewhere until the work is over.
 */
@Singleton
public class WorkMemory {
  private final ReadBudget budget;
  private final RequestMemory ofRequest;

  WorkMemory(ReadBudget budget, RequestMemory ofRequest) {
    this.budget = budget;
    this.ofRequest = ofRequest;
  }

  /** Memory for one piece of work. */
  public interface Room extends AutoCloseable {
    /**
     * Holds so many more bytes of heap, and waits for them.
     *
     * @throws ApiException {@link ErrorCode#UNAVAILABLE} when they were not free in time
     */
    void hold(long bytes);

    /** Ends the work; what a request holds stays held until it is answered. */
    @Override
    void close();
  }

  /**
   * Begins a piece of work, for which nothing is held yet.
   *
   * @param user the name of the user whose share it takes
   */
  public Room open(String user) {
    return Arc.container().requestContext().isActive()
        ? new Room() {
          @Override
          public void hold(long bytes) {
            ofRequest.open(user).holdHeap(bytes);
          }

          @Override
          public void close() {
            // The end of the request does.
          }
        }
        : new Room() {
          private final Held held = budget.open(user);

          @Override
          public void hold(long bytes) {
            held.holdHeap(bytes);
          }

          @Override
          public void close() {
            held.close();
          }
        };
  }
}
