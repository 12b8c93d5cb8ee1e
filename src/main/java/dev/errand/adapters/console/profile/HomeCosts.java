package dev.errand.adapters.console.profile;

import dev.errand.adapters.console.budget.BudgetItem;
import dev.errand.adapters.console.page.Amounts;
import dev.errand.adapters.console.page.PageRequest;
import dev.errand.adapters.console.profile.HomeView.Month;
import dev.errand.adapters.console.profile.HomeView.NearestBudget;
import dev.errand.adapters.console.profile.HomeView.ProfileCost;
import dev.errand.identity.page.PagePaths;
import dev.errand.runs.budget.BudgetService;
import dev.errand.runs.budget.OwnedBudget;
import dev.errand.runs.history.MonthlyCosts;
import dev.errand.runs.history.MonthlyCosts.MonthlyCost;
import dev.errand.runs.history.UsageService;
import dev.errand.runs.history.UsageSum;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds the costs of the home of a profile: of today, and of the month in all that a user sees. */
@ApplicationScoped
class HomeCosts {
  private static final int PROFILES = 5;

  private final UsageService usage;
  private final MonthlyCosts months;
  private final BudgetService budgets;

  HomeCosts(UsageService usage, MonthlyCosts months, BudgetService budgets) {
    this.usage = usage;
    this.months = months;
    this.budgets = budgets;
  }

  HomeView.Today today(PageRequest page) {
    UsageSum total = usage.today(page.caller(), page.profile());
    return new HomeView.Today(
        Amounts.cost(total.costUsd()),
        Amounts.number(total.totalTokens()),
        Amounts.number(total.runsReady()),
        Amounts.number(total.runsError()));
  }

  /** The month of the user; null where only what refreshes itself is taken of the page. */
  @Nullable Month month(PageRequest page) {
    if (page.isPart()) {
      return null;
    }
    List<MonthlyCost> found = months.of(page.caller(), PROFILES);
    MonthlyCost first = found.isEmpty() ? null : found.getFirst();
    return new Month(
        first == null ? "$0" : Amounts.cost(first.allUsd()),
        first != null && first.isCut(),
        found.stream()
            .map(
                each ->
                    new ProfileCost(
                        each.profile(),
                        page.root() + "/" + each.profile() + "/usage",
                        Amounts.cost(each.usd())))
            .toList(),
        first == null ? 0 : first.profiles() - found.size(),
        budgets.nearest(page.caller()).map(near -> nearest(page, near)).orElse(null));
  }

  private static NearestBudget nearest(PageRequest page, OwnedBudget near) {
    String profile = near.profile();
    String all =
        profile == null
            ? PagePaths.budgetsOfUser(page.home(), page.caller().username())
            : PagePaths.budgets(page.root() + "/" + profile);
    return new NearestBudget(
        new BudgetItem(near.budget(), PagePaths.budget(all, near.budget().name()), ""),
        profile == null ? "of your profiles together" : "of " + profile);
  }
}
