package dev.errand.runs.budget;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.InvalidFields;
import dev.errand.base.field.ApiSchema;
import dev.errand.base.field.DeclaredFields;
import dev.errand.base.field.Field;
import dev.errand.base.field.NameRule;
import dev.errand.base.json.CheckedRequest;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.persistence.Embeddable;
import java.math.BigDecimal;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What people say of a budget: its period, its limits, and what happens at them. */
@RegisterForReflection
@Embeddable
@JsonInclude(JsonInclude.Include.ALWAYS)
@ApiSchema(value = "BudgetRequest", answer = BudgetView.class)
public record BudgetSettings(
    @Field(
            value =
                "What the limits are for: each run, with all runs that it starts, or each day or"
                    + " month in UTC.",
            label = "Period",
            required = true,
            codes = BudgetPeriod.class)
        String period,
    @Field(
            value =
                "The most US dollars, more than 0, with at most 6 decimals; null for no such limit."
                    + " A budget has this limit, the one in tokens, or both.",
            label = "US$, at most",
            placeholder = "any",
            least = 0,
            most = BudgetSettings.MOST_USD)
        @Nullable Double usd,
    @Field(
            value = "The most tokens, of requests and answers together; null for no such limit.",
            label = "Tokens, at most",
            placeholder = "any",
            least = 1,
            most = BudgetSettings.MOST_TOKENS)
        @Nullable Long tokens,
    @Field(
            value =
                "The name of a task of the profile, which need not exist yet, whose runs are"
                    + " counted, with all runs that they start; null for all tasks. A user's budget"
                    + " has none.",
            label = "Only this task",
            placeholder = "all",
            pattern = NameRule.OF_TASK,
            refusal = "must be the name of a task")
        @Nullable String task,
    @Field(
            value =
                "What happens to a run whose next request does not fit: it fails as"
                    + " `budget_exceeded`, or waits for the next period or a raised limit, which"
                    + " the period `run` does not have.",
            label = "When it is spent",
            defaultValue = "fail",
            codes = BudgetExhaustion.class)
        String onExhausted)
    implements CheckedRequest {
  static final long MOST_USD = 1_000_000;
  static final long MOST_TOKENS = 1_000_000_000_000_000L;
  private static final int DECIMALS = 6;

  /** Has the defaults where JSON has nothing. */
  public BudgetSettings {
    period = Objects.requireNonNullElse(period, "");
    onExhausted = Objects.requireNonNullElse(onExhausted, BudgetExhaustion.FAIL.code());
  }

  @Override
  public void check() {
    InvalidFields wrong = new InvalidFields();
    DeclaredFields.check(this, wrong);
    if (usd == null && tokens == null) {
      wrong.add(ApiException.invalid("usd", "is required, or tokens: a budget has a limit"));
    }
    if (usd != null && usd <= MOST_USD && !isAmount(usd)) {
      wrong.add(ApiException.invalid("usd", "must be more than 0, with at most 6 decimals"));
    }
    if (isOfRun() && BudgetExhaustion.WAIT.code().equals(onExhausted)) {
      wrong.add(
          ApiException.invalid(
              "on_exhausted",
              "can't be `wait` with the period `run`: nothing ends the wait of a run for itself."
                  + " Choose `fail`, or another period"));
    }
    wrong.refuse();
  }

  // What is less than 0 is out of bounds, which is said already.
  private static boolean isAmount(double usd) {
    return usd < 0 || (usd > 0 && BigDecimal.valueOf(usd).stripTrailingZeros().scale() <= DECIMALS);
  }

  /** Whether each run has its own. */
  boolean isOfRun() {
    return BudgetPeriod.RUN.code().equals(period);
  }

  /** Whether a limit is higher than before, or gone. */
  boolean raises(BudgetSettings before) {
    return isHigher(usd, before.usd) || isHigher(tokens, before.tokens);
  }

  private static boolean isHigher(@Nullable Number limit, @Nullable Number before) {
    return before != null && (limit == null || limit.doubleValue() > before.doubleValue());
  }

  /** Whether what was spent counts for both alike. */
  boolean countsAs(BudgetSettings other) {
    return period.equals(other.period) && Objects.equals(task, other.task);
  }
}
