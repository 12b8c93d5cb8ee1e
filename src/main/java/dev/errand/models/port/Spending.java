package dev.errand.models.port;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a run may spend on its model beyond its own bounds. It is asked before each request, and
 * told what the request cost; what it reserves for a request whose answer is lost counts as spent.
 */
public interface Spending {
  /** Nothing but its own bounds limits a run. */
  Spending UNLIMITED =
      new Spending() {
        @Override
        public boolean isLimited() {
          return false;
        }

        @Override
        public Permit reserve(LargestRequest largest) {
          return new Granted(null);
        }

        @Override
        public void spent(Usage.Step used) {}

        @Override
        public void unspent() {}

        @Override
        public void lost() {}
      };

  /** Whether anything limits it now. */
  boolean isLimited();

  /** Reserves the most that a request can cost, across all processes. */
  Permit reserve(LargestRequest largest) throws InterruptedException;

  /**
   * Tells what the request used for which something was reserved; it is recorded with the next step
   * of the run. What the server did not count is taken to be what was reserved.
   */
  void spent(Usage.Step used);

  /** Tells that the request cost nothing. */
  void unspent() throws InterruptedException;

  /** Tells that it is not known what the request cost: it counts as what was reserved. */
  void lost();

  /** What becomes of a request. */
  sealed interface Permit {}

  /**
   * It may be sent.
   *
   * @param mostAnswer the most tokens that its answer may have; null where nothing limits it
   */
  record Granted(@Nullable Integer mostAnswer) implements Permit {}

  /**
   * It may be sent once other requests have been answered, which may cost less than is reserved.
   */
  record Later(Duration delay) implements Permit {}

  /** It may not be sent, and the run fails. */
  record Refused(RunError failure, String sentence) implements Permit {}

  /**
   * The run waits for the next period of a budget, or for a change of it.
   *
   * @param budget what it waits for
   */
  record Waits(BudgetWait budget) implements Permit {}

  /**
   * What a run waits for whose budget is used up.
   *
   * @param until when the next period begins
   * @param seen when the budget had been changed last: one that has been changed since is not
   *     waited for
   */
  record BudgetWait(UUID budget, Instant until, Instant seen) {}
}
