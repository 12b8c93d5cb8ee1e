package dev.errand.base.limit;

import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import jakarta.inject.Singleton;
import java.time.Duration;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Memory for what is parsed of texts whose bytes tell too little of it: texts inside of JSON and of
 * forms, in any charset, and stored ones. Who parses holds it, as long as the tree is needed.
 */
@Singleton
public class ParsedTexts {
  private final ByteBudget budget;
  private final Duration patience;

  /**
   * Reserves memory for texts.
   *
   * @param patience the longest wait for memory, as for that of bodies
   */
  public ParsedTexts(
      ByteBudget budget,
      @ConfigProperty(name = "errand.memory.parse-wait", defaultValue = "PT5S") Duration patience) {
    this.budget = budget;
    this.patience = patience;
  }

  /** Begins to hold memory, of which nothing is reserved yet, and which is waited for. */
  public Held open() {
    return new Held(budget.reserve(0), patience);
  }

  /** The same without a wait, for who holds up others. */
  public Held openAtOnce() {
    return new Held(budget.reserve(0), Duration.ZERO);
  }

  /** The memory of the texts that belong together. */
  public static final class Held implements AutoCloseable {
    private final Reservation reservation;
    private long patience;

    private Held(Reservation reservation, Duration patience) {
      this.reservation = reservation;
      this.patience = patience.toNanos();
    }

    /**
     * Reserves memory for the tree of a text, before it is parsed.
     *
     * @throws ApiException {@link ErrorCode#UNAVAILABLE} when it was not free in time, {@link
     *     ErrorCode#TOO_LARGE} when there is not so much
     */
    public void tree(String text) {
      hold(JsonWeight.of(text));
    }

    /**
     * The same for the fields of a form.
     *
     * @throws ApiException as {@link #tree} does
     */
    public void form(String text) {
      hold(JsonWeight.ofForm(text));
    }

    private void hold(long more) {
      if (reservation.tryGrow(more)) {
        return;
      }
      long start = System.nanoTime();
      try {
        reservation.grow(more, Duration.ofNanos(patience));
      } catch (BudgetExhaustedException e) {
        throw BodyBudget.error(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new ApiException(ErrorCode.UNAVAILABLE, "The process is stopping: try again.");
      }
      patience -= System.nanoTime() - start;
    }

    @Override
    public void close() {
      reservation.close();
    }
  }
}
