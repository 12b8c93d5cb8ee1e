package dev.errand.runs.budget;

import dev.errand.base.config.OneOrMore;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;

/** Budgets: what runs may spend. */
@ConfigMapping(prefix = "errand.budgets")
public interface BudgetConfig {

  /** How many budgets a user may have, and how many each profile may have. */
  @WithDefault("100")
  @WithConverter(OneOrMore.class)
  int most();
}
