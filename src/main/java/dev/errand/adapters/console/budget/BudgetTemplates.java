package dev.errand.adapters.console.budget;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;

/** The templates of the pages of budgets. */
@CheckedTemplate(basePath = "console")
final class BudgetTemplates {
  private BudgetTemplates() {}

  static native TemplateInstance budgets(BudgetListView view);

  static native TemplateInstance budget(BudgetPageView view);

  static native TemplateInstance budgetForm(BudgetForm form);
}
