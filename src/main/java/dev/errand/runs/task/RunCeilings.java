package dev.errand.runs.task;

import dev.errand.base.config.MoreThanZero;
import dev.errand.base.config.NumberMoreThanZero;
import dev.errand.base.config.OneOrMore;
import dev.errand.base.config.OneOrMoreLong;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/**
 * Upper limits of the bounds of tasks. A task with a higher bound is refused; runs of tasks that
 * were registered before are limited too.
 */
@ConfigMapping(prefix = "errand.run.ceiling")
public interface RunCeilings {
  /** The longest {@code settings.timeout}. */
  @WithDefault("PT24H")
  @WithConverter(MoreThanZero.class)
  Duration timeout();

  /** The most {@code settings.max_steps}. */
  @WithDefault("1000")
  @WithConverter(OneOrMore.class)
  int maxSteps();

  /** The most {@code settings.max_tokens}. */
  @WithDefault("1000000000")
  @WithConverter(OneOrMoreLong.class)
  long maxTokens();

  /** The most {@code settings.max_cost_usd}. */
  @WithDefault("1000000")
  @WithConverter(NumberMoreThanZero.class)
  double maxCostUsd();

  /** The most {@code settings.max_tool_calls}. */
  @WithDefault("10000")
  @WithConverter(OneOrMore.class)
  int maxToolCalls();
}
