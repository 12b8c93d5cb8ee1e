package dev.errand.adapters.console.schedule;

import dev.errand.adapters.console.page.Amounts;
import dev.errand.adapters.console.page.CostOfRuns;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * What the runs of a schedule may cost.
 *
 * @param isOnce whether there is only one
 * @param times how many there are on a day at most
 * @param isFast whether two of them may be less than a minute apart
 * @param isAsBefore whether the schedule has these times already
 * @param run what a run of the task costs
 * @param bound from how many US dollars a day on it is asked whether that is meant
 */
public record ScheduleCost(
    boolean isOnce,
    long times,
    boolean isFast,
    boolean isAsBefore,
    CostOfRuns run,
    BigDecimal bound) {

  private @Nullable BigDecimal perDay() {
    BigDecimal median = run.cost().medianUsd();
    return median == null ? null : median.multiply(BigDecimal.valueOf(times));
  }

  /** What it may cost, in words. */
  public String sum() {
    return "about " + Amounts.cost(perDay()) + (isOnce ? "" : " a day");
  }

  /** The bound, for people. */
  public String most() {
    return Amounts.cost(bound);
  }

  /** How often it runs at most, in words. */
  public String often() {
    return isOnce
        ? "once"
        : times == 1 ? "at most once a day" : "at most " + Amounts.number(times) + " times a day";
  }

  /** Whether that is more than the bound. */
  public boolean isDear() {
    BigDecimal sum = perDay();
    return sum != null && sum.compareTo(bound) > 0;
  }

  /** Whether a person is asked if that is meant. */
  public boolean isToConfirm() {
    return !isAsBefore && (isFast || isDear());
  }

  /** What the form sends by which it is confirmed: other times are asked for again. */
  public String answer() {
    return Long.toString(times);
  }
}
