package dev.errand.adapters.console.budget;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the page with the budgets of a profile, or of a user, shows. */
public record BudgetListView(BudgetHolder holder, List<Section> sections) {

  /**
   * The budgets of one owner.
   *
   * @param id its place in the page
   * @param next the address of the page with more of them; null for the last one
   */
  public record Section(
      String id, BudgetHolder holder, List<BudgetItem> items, @Nullable String next) {}
}
