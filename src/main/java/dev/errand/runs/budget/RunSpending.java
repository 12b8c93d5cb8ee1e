package dev.errand.runs.budget;

import dev.errand.models.port.LargestRequest;
import dev.errand.models.port.RunError;
import dev.errand.models.port.Spending;
import dev.errand.models.port.Usage;
import dev.errand.runs.queue.Claim;
import dev.errand.runs.queue.Settlement;
import dev.errand.runs.queue.Settlement.ExceededBudget;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What one attempt of a run may spend. It is used by the thread that executes the run. */
public final class RunSpending implements Spending {
  private static final long LONGEST_UNSEEN_NANOS = Duration.ofSeconds(10).toNanos();
  private static final int LEAST_PAUSE_MS = 100;
  private static final int MOST_PAUSE_MS = 2000;

  private final BudgetLedger ledger;
  private final Claim claim;
  private final Consumer<Settlement> settlements;
  private long heard = -1;
  private long looked = System.nanoTime();
  private boolean limited;
  private boolean begun;
  private boolean holds;
  private int pauseMs = LEAST_PAUSE_MS;

  RunSpending(BudgetLedger ledger, Claim claim, Consumer<Settlement> settlements) {
    this.ledger = ledger;
    this.claim = claim;
    this.settlements = settlements;
  }

  /** How often budgets may have changed before {@link #begin} was told whether there is one. */
  public long changesBefore() {
    return ledger.changes();
  }

  /**
   * Tells whether any budget counted runs of its profile when it was claimed.
   *
   * @param changesBefore what {@link #changesBefore} was before that was read
   */
  public void begin(boolean isLimited, long changesBefore) {
    limited = isLimited;
    // Otherwise the profiles above are asked, too.
    heard = isLimited || !claim.isInSeveralProfiles() ? changesBefore : -1;
  }

  @Override
  public boolean isLimited() {
    long changes = ledger.changes();
    // News may be lost, and a process that works on request hears none.
    if (changes != heard || System.nanoTime() - looked > LONGEST_UNSEEN_NANOS) {
      limited = ledger.hasBudget(claim);
      heard = changes;
      looked = System.nanoTime();
    }
    return limited;
  }

  @Override
  public Permit reserve(LargestRequest largest) throws InterruptedException {
    if (!begun && claim.attempt() > 1) {
      ledger.loseEarlier(claim);
    }
    begun = true;
    List<BudgetState> states = ledger.reserve(claim, largest);
    if (states.isEmpty()) {
      return new Granted(null);
    }
    Integer granted = states.getFirst().granted();
    if (granted != null) {
      holds = true;
      pauseMs = LEAST_PAUSE_MS;
      ledger.count(BudgetOutcome.GRANTED);
      return new Granted(granted);
    }
    if (largest.price() == null && states.stream().anyMatch(state -> state.usd() != null)) {
      ledger.count(BudgetOutcome.UNPRICED);
      return new Refused(
          RunError.MODEL_NOT_PRICED,
          "What a request can cost is not known, so a budget in US dollars does not allow it: set"
              + " the model's price by errand.model.prices.");
    }
    List<BudgetState> spent =
        states.stream().filter(state -> state.would() < largest.leastAnswer()).toList();
    if (!spent.isEmpty()) {
      // Written with the run's end or wait.
      settlements.accept(
          new Settlement(
              claim.runId(),
              claim.attempt(),
              0.0,
              0L,
              spent.stream()
                  .map(state -> new ExceededBudget(state.id(), state.slot(), state.modifiedAt()))
                  .toList()));
    }
    return spent.stream()
        .max(Comparator.comparing(BudgetState::endsRuns).thenComparing(BudgetState::restsUntil))
        .map(exhausted -> exhausted(exhausted, largest))
        .orElseGet(this::later);
  }

  private Permit later() {
    ledger.count(BudgetOutcome.LATER);
    pauseMs = Math.min(MOST_PAUSE_MS, 2 * pauseMs);
    return new Later(Duration.ofMillis(ThreadLocalRandom.current().nextInt(pauseMs) + 1L));
  }

  private Permit exhausted(BudgetState state, LargestRequest largest) {
    ledger.count(state.endsRuns() ? BudgetOutcome.EXCEEDED : BudgetOutcome.WAITS);
    return state.endsRuns()
        ? new Refused(RunError.BUDGET_EXCEEDED, sentence(state, largest))
        : new Waits(new BudgetWait(state.id(), state.restsUntil(), state.modifiedAt()));
  }

  private static String sentence(BudgetState exhausted, LargestRequest largest) {
    LargestRequest.Price price = largest.price();
    long wanted = largest.prompt() + largest.leastAnswer();
    Long leftTokens = exhausted.leftTokens();
    Double leftUsd = exhausted.leftUsd();
    boolean lacksTokens = leftTokens != null && leftTokens < wanted;
    String asks =
        lacksTokens || price == null || leftUsd == null
            ? "%s tokens, of which %s has %s left"
                .formatted(
                    wanted, exhausted.shown(), leftTokens == null ? 0 : Math.max(0, leftTokens))
            : "%s US dollars, of which %s has %s left"
                .formatted(
                    dollars(price.of(largest.leastAnswer())), exhausted.shown(), dollars(leftUsd));
    return "The next request to the model may use %s: raise it%s."
        .formatted(
            asks,
            exhausted.isOfRun()
                ? ", or have runs use less"
                : ", or run it again in the next " + exhausted.kind());
  }

  private static String dollars(double amount) {
    return BigDecimal.valueOf(Math.max(0, amount))
        .setScale(6, RoundingMode.HALF_UP)
        .stripTrailingZeros()
        .toPlainString();
  }

  @Override
  public void spent(Usage.Step used) {
    settle(used.costUsd(), used.totalTokens() == 0 ? null : used.totalTokens());
  }

  @Override
  public void unspent() throws InterruptedException {
    if (holds) {
      holds = false;
      // At once: the next request of this attempt may be sent before anything else is written.
      ledger.giveBack(claim);
    }
  }

  @Override
  public void lost() {
    settle(null, null);
  }

  private void settle(@Nullable Double usd, @Nullable Long tokens) {
    if (holds) {
      holds = false;
      if (usd == null && tokens == null) {
        ledger.count(BudgetOutcome.LOST);
      }
      settlements.accept(new Settlement(claim.runId(), claim.attempt(), usd, tokens));
    }
  }
}
