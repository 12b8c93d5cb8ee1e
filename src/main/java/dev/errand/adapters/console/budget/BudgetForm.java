package dev.errand.adapters.console.budget;

import dev.errand.adapters.console.page.SentForm;
import dev.errand.adapters.console.page.SettingsForm;
import dev.errand.base.error.ApiException;
import dev.errand.base.json.Json;
import dev.errand.runs.budget.BudgetExhaustion;
import dev.errand.runs.budget.BudgetPeriod;
import dev.errand.runs.budget.BudgetSettings;
import dev.errand.runs.budget.BudgetView;
import java.util.List;
import java.util.Map;

/** The form that creates or changes a budget. */
public record BudgetForm(BudgetHolder holder, SettingsForm<BudgetSettings> form) {
  private static final List<String> OF_USER = List.of("period", "usd", "tokens", "on_exhausted");
  private static final List<String> OF_PROFILE =
      List.of("period", "usd", "tokens", "task", "on_exhausted");

  /**
   * The form of a new budget.
   *
   * @param task the task that it is for; empty for all
   */
  static BudgetForm empty(BudgetHolder holder, String task) {
    Map<String, String> values =
        Map.of(
            "period",
            BudgetPeriod.MONTH.code(),
            "on_exhausted",
            BudgetExhaustion.FAIL.code(),
            "task",
            task);
    return new BudgetForm(holder, SettingsForm.empty(BudgetSettings.class, shown(holder), values));
  }

  /** The form of a budget as it is. */
  static BudgetForm of(BudgetHolder holder, BudgetView budget, Json json) {
    return new BudgetForm(
        holder,
        SettingsForm.of(
            BudgetSettings.class, shown(holder), budget.settings(), budget.name(), json));
  }

  private static List<String> shown(BudgetHolder holder) {
    return holder.user() == null ? OF_PROFILE : OF_USER;
  }

  /** The same as it was sent. */
  BudgetForm sent(SentForm fields) {
    return new BudgetForm(holder, form.sent(fields));
  }

  /** The same with what is wrong with it. */
  BudgetForm refused(ApiException why) {
    return new BudgetForm(holder, form.refused(why));
  }

  /** Whether it has a field for a task. */
  public boolean hasTask() {
    return form.shown().contains("task");
  }

  /** The address that it is sent to. */
  public String address() {
    return form.isNew() ? holder.newAddress() : holder.address(form.name()) + "/edit";
  }

  /** The address of the page that it was opened from. */
  public String back() {
    return form.isNew() ? holder.address() : holder.address(form.name());
  }
}
