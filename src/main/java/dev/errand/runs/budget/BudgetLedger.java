package dev.errand.runs.budget;

import dev.errand.base.database.Outage;
import dev.errand.base.database.Sql;
import dev.errand.models.port.LargestRequest;
import dev.errand.runs.queue.BudgetChanges;
import dev.errand.runs.queue.Claim;
import dev.errand.runs.queue.ClaimLostException;
import dev.errand.runs.queue.RunQueue;
import dev.errand.runs.queue.Settlement;
import jakarta.enterprise.event.Event;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Reserves parts of budgets in the database for the requests of runs, so that all processes
 * together never pass a limit, and finds what was reserved for requests whose answers are lost.
 */
@Singleton
public class BudgetLedger {
  private static final int SWEPT_AT_ONCE = 500;
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration LONGEST_LOOK = Duration.ofSeconds(3);

  private final Sql sql;
  private final RunQueue queue;
  private final BudgetChanges changes;
  private final Event<BudgetOutcome> outcomes;

  BudgetLedger(Sql sql, RunQueue queue, BudgetChanges changes, Event<BudgetOutcome> outcomes) {
    this.sql = sql;
    this.queue = queue;
    this.changes = changes;
    this.outcomes = outcomes;
  }

  /**
   * What a claimed run may spend.
   *
   * @param settlements receives what each request cost, to be written with the next step
   */
  public RunSpending of(Claim claim, Consumer<Settlement> settlements) {
    return new RunSpending(this, claim, settlements);
  }

  /** Counts what became of a request. */
  void count(BudgetOutcome outcome) {
    outcomes.fire(outcome);
  }

  /** How many runs of all profiles wait for a budget. */
  public long waiting() {
    return sql.statement(LedgerStatements.WAITING)
        .within(LONGEST_LOOK)
        .one(row -> row.number("runs"));
  }

  /** How often budgets may have changed since this process began. */
  long changes() {
    return changes.count();
  }

  /**
   * Whether any budget may count the run: one of its profile, or of the profile of one above it.
   */
  boolean hasBudget(Claim claim) {
    return sql.statement(LedgerStatements.HAS_BUDGET)
        .with("profile", claim.profileId())
        .with("run", claim.runId())
        .one(row -> row.flag("has"));
  }

  /** What earlier attempts of a run have reserved counts as spent: their answers are lost. */
  void loseEarlier(Claim claim) {
    lose(
        sql.statement(LedgerStatements.HELD_BEFORE)
            .with("run", claim.runId())
            .with("attempt", claim.attempt())
            .list(row -> new Settlement(claim.runId(), row.integer("attempt"), null, null)));
  }

  /**
   * Reserves the most that a request can cost, in each budget that counts it, or in none.
   *
   * @return the state of each budget before that; empty where none counts the run
   * @throws ClaimLostException when the run is no longer held by this claim; nothing is reserved
   */
  List<BudgetState> reserve(Claim claim, LargestRequest largest) throws InterruptedException {
    boolean[] inDoubt = {false};
    return Outage.outlast(
        PATIENCE,
        () -> {
          if (inDoubt[0]) {
            // Nothing was sent for what an earlier try may have reserved.
            settleNothing(claim);
          }
          inDoubt[0] = true;
          return reserveOnce(claim, largest);
        });
  }

  private List<BudgetState> reserveOnce(Claim claim, LargestRequest largest) {
    LargestRequest.Price price = largest.price();
    List<BudgetState> states = new ArrayList<>();
    List<Long> held = new ArrayList<>();
    sql.script()
        .then(
            sql.statement(LedgerStatements.HELD)
                .with("held_run", claim.runId())
                .with("held_attempt", claim.attempt()),
            row -> held.add(row.number("id")))
        .then(
            sql.statement(LedgerStatements.OPEN)
                .with("open_run", claim.runId())
                .with("open_task", claim.task()))
        .then(
            sql.statement(LedgerStatements.LOCK)
                .with("lock_run", claim.runId())
                .with("lock_task", claim.task()))
        .then(
            sql.statement(LedgerStatements.RESERVE)
                .with("run", claim.runId())
                .with("task", claim.task())
                .with("attempt", claim.attempt())
                .with("prompt_usd", price == null ? null : price.promptUsd())
                .with("answer_usd", price == null ? null : price.answerUsd())
                .with("prompt_tokens", largest.prompt())
                .with("most", largest.mostAnswer())
                .with("least", largest.leastAnswer()),
            row -> states.add(row.as(BudgetState.class)))
        .run();
    if (held.isEmpty()) {
      settleNothing(claim);
      throw new ClaimLostException(claim);
    }
    return states;
  }

  /** Gives back what an attempt has reserved for a request that cost nothing. */
  void giveBack(Claim claim) throws InterruptedException {
    boolean _ =
        Outage.outlast(
            PATIENCE,
            () -> {
              settleNothing(claim);
              return true;
            });
  }

  private void settleNothing(Claim claim) {
    queue.settle(List.of(new Settlement(claim.runId(), claim.attempt(), 0.0, 0L)));
  }

  private void lose(List<Settlement> lost) {
    if (!lost.isEmpty()) {
      queue.settle(lost);
      lost.forEach(_ -> count(BudgetOutcome.LOST));
    }
  }

  /**
   * What was reserved by attempts that have ended without an answer counts as spent.
   *
   * @return how many attempts there were
   */
  public int sweep(Duration most) {
    long end = System.nanoTime() + most.toNanos();
    int swept = 0;
    List<Settlement> lost;
    do {
      lost =
          sql.statement(LedgerStatements.LOST)
              .with("most", SWEPT_AT_ONCE)
              .list(
                  row -> new Settlement(row.number("run_id"), row.integer("attempt"), null, null));
      lose(lost);
      swept += lost.size();
    } while (lost.size() == SWEPT_AT_ONCE && System.nanoTime() - end < 0);
    return swept;
  }
}
