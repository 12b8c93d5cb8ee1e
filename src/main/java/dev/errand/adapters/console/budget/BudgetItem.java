package dev.errand.adapters.console.budget;

import dev.errand.adapters.console.page.Amounts;
import dev.errand.adapters.console.page.Mark;
import dev.errand.adapters.console.page.PageTime;
import dev.errand.base.json.Coded;
import dev.errand.runs.budget.BudgetAmount;
import dev.errand.runs.budget.BudgetExhaustion;
import dev.errand.runs.budget.BudgetPeriod;
import dev.errand.runs.budget.BudgetSettings;
import dev.errand.runs.budget.BudgetView;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A budget, for people.
 *
 * @param address the address of its page
 * @param counted which runs it counts if it names no task
 */
public record BudgetItem(BudgetView budget, String address, String counted) {
  private static final int HUNDRED = 100;
  // Notices warn at it, too.
  private static final int NEAR = 80;

  /**
   * One of its limits. What is null is not counted, since each run has its own.
   *
   * @param share how many hundredths of the limit are spent
   * @param held how many hundredths are reserved beside those
   */
  public record Line(
      String limit,
      @Nullable String spent,
      @Nullable String reserved,
      @Nullable String unconfirmed,
      int share,
      int held) {

    /** How much is spent, in words. */
    public String percent() {
      return share == 0 && !"$0".equals(spent) && !"0 tokens".equals(spent)
          ? "less than 1 %"
          : share + " %";
    }

    /** The length of its bar. */
    public int length() {
      return Math.min(HUNDRED, share);
    }

    /** The length of what is reserved, behind it. */
    public int heldLength() {
      return Math.min(HUNDRED - length(), held);
    }

    /** Whether it is used up. */
    public boolean isFull() {
      return share >= HUNDRED;
    }
  }

  /** The limits, with what is spent of each. */
  public List<Line> lines() {
    BudgetSettings settings = budget.settings();
    List<Line> lines = new ArrayList<>();
    if (settings.usd() != null) {
      lines.add(dollars(BigDecimal.valueOf(settings.usd())));
    }
    if (settings.tokens() != null) {
      lines.add(tokens(settings.tokens()));
    }
    return lines;
  }

  private Line dollars(BigDecimal limit) {
    BudgetAmount spent = budget.spent();
    BudgetAmount reserved = budget.reserved();
    BudgetAmount unknown = budget.unconfirmed();
    return new Line(
        Amounts.cost(limit),
        spent == null ? null : Amounts.cost(spent.usd()),
        reserved == null || reserved.usd().signum() == 0 ? null : Amounts.cost(reserved.usd()),
        unknown == null || unknown.usd().signum() == 0 ? null : Amounts.cost(unknown.usd()),
        spent == null ? 0 : share(spent.usd(), limit),
        reserved == null ? 0 : share(reserved.usd(), limit));
  }

  private Line tokens(long limit) {
    BudgetAmount spent = budget.spent();
    BudgetAmount reserved = budget.reserved();
    BudgetAmount unknown = budget.unconfirmed();
    BigDecimal most = BigDecimal.valueOf(limit);
    return new Line(
        count(limit),
        spent == null ? null : count(spent.tokens()),
        reserved == null || reserved.tokens() == 0 ? null : count(reserved.tokens()),
        unknown == null || unknown.tokens() == 0 ? null : count(unknown.tokens()),
        spent == null ? 0 : share(BigDecimal.valueOf(spent.tokens()), most),
        reserved == null ? 0 : share(BigDecimal.valueOf(reserved.tokens()), most));
  }

  private static String count(long tokens) {
    return Amounts.number(tokens) + (tokens == 1 ? " token" : " tokens");
  }

  /** How many hundredths an amount is of a limit, rounded down. */
  static int share(BigDecimal amount, BigDecimal limit) {
    return amount
        .multiply(BigDecimal.valueOf(HUNDRED))
        .divide(limit, 0, RoundingMode.DOWN)
        .min(BigDecimal.valueOf(Integer.MAX_VALUE))
        .intValue();
  }

  /** Whether each run has its own, so that nothing is counted together. */
  public boolean isOfRun() {
    return budget.settings().period().equals(BudgetPeriod.RUN.code());
  }

  /** Whether anything is reserved. */
  public boolean hasReserved() {
    return lines().stream().anyMatch(line -> line.reserved() != null);
  }

  /** Its period, in words. */
  public String period() {
    return Coded.of(BudgetPeriod.class, budget.settings().period()).words();
  }

  /** What happens to runs when it is spent, in words. */
  public String exhaustion() {
    return Coded.of(BudgetExhaustion.class, budget.settings().onExhausted()).words();
  }

  /** When it begins anew; null for each run. */
  public @Nullable PageTime resets() {
    return PageTime.orNull(budget.resetsAt());
  }

  private int share() {
    return lines().stream().map(Line::share).max(Comparator.naturalOrder()).orElse(0);
  }

  /** How near its nearest limit is, in words; null for each run. */
  public @Nullable String state() {
    return isOfRun()
        ? null
        : share() >= HUNDRED ? "used up" : share() >= NEAR ? "nearly used up" : "open";
  }

  /** The mark of that. */
  public Mark mark() {
    return share() >= HUNDRED ? Mark.ERROR : share() >= NEAR ? Mark.WARNED : Mark.READY;
  }
}
