package dev.errand.automation.schedule;

import dev.errand.base.config.MoreThanZero;
import dev.errand.base.config.NumberMoreThanZero;
import dev.errand.base.config.OneOrMore;
import dev.errand.base.config.ZeroOrLonger;
import dev.errand.base.config.ZeroOrMore;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Settings of schedules. */
@ConfigMapping(prefix = "errand.schedule")
public interface ScheduleConfig {

  /** How often loop mode looks for due schedules. */
  @WithDefault("PT1S")
  @WithConverter(MoreThanZero.class)
  Duration tick();

  /** How late a fire may be before it counts as missed. */
  @WithDefault("PT2M")
  @WithConverter(ZeroOrLonger.class)
  Duration grace();

  /** The number of failures in a row after which a schedule pauses itself. */
  @WithDefault("10")
  @WithConverter(OneOrMore.class)
  int pauseAfter();

  /** The most schedules of a task. */
  @WithDefault("1000")
  @WithConverter(ZeroOrMore.class)
  int perTask();

  /**
   * The US dollars a day above which the console's form of a schedule asks whether it is meant: the
   * most times on a day, each at the median of what the last 100 ended runs of the task have cost.
   */
  @WithDefault("10")
  @WithConverter(NumberMoreThanZero.class)
  double askAboveUsd();
}
