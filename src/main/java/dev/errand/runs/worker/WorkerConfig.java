package dev.errand.runs.worker;

import dev.errand.base.background.WorkMode;
import dev.errand.base.config.HeapShare;
import dev.errand.base.config.MoreThanZero;
import dev.errand.base.config.OneOrMore;
import dev.errand.base.config.ZeroOrLonger;
import dev.errand.base.config.ZeroOrMore;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/** Settings of the worker, which executes this process's share of the queue. */
@ConfigMapping(prefix = "errand.worker")
public interface WorkerConfig {

  /**
   * How many runs of one profile this process works on at the same time: begins them, or calls
   * their tools. It has a quarter more places for them, and at least one more, so that those of
   * other profiles and users begin meanwhile. Runs that wait for a model take none of these places.
   *
   * <p>With 0 it executes no runs and leaves them to other processes on the same database; it
   * answers requests, and fires schedules and sends callbacks as any process does.
   */
  @WithDefault("64")
  @WithConverter(ZeroOrMore.class)
  int concurrency();

  /**
   * How many runs this process holds at the same time at most, those that wait for a model
   * included. By default one for each 192 KB of the largest heap, at most 10,000, and at least the
   * places that {@code errand.worker.concurrency} makes.
   */
  Optional<@WithConverter(OneOrMore.class) Integer> most();

  /**
   * The memory for the conversations of the runs that this process holds: bytes such as {@code
   * 128M}, or a share of the largest heap such as {@code 40%}. While they take more, no further run
   * begins here.
   */
  @WithDefault("40%")
  @WithConverter(HeapShare.class)
  long conversations();

  /** Whether runs are executed in the background, or only by events. */
  @WithDefault("loop")
  WorkMode mode();

  /** How long a claim is valid unless it is extended; it is extended four times in that time. */
  @WithDefault("PT20S")
  @WithConverter(MoreThanZero.class)
  Duration lease();

  /** How often the queue is polled without a notification. */
  @WithDefault("PT1S")
  @WithConverter(MoreThanZero.class)
  Duration poll();

  /** How often runs of lost workers are rescued. */
  @WithDefault("PT5S")
  @WithConverter(MoreThanZero.class)
  Duration rescue();

  /** How often this process checks whether others ended its runs. */
  @WithDefault("PT0.5S")
  @WithConverter(MoreThanZero.class)
  Duration watch();

  /**
   * How often a run may lose its worker without progress before it ends as {@code
   * attempts_exhausted}. Otherwise a run that crashes its process would never end.
   */
  @WithDefault("5")
  @WithConverter(ZeroOrMore.class)
  int maxLosses();

  /**
   * The time budget of one event. In its second half no run and no step begins, so that open steps
   * can be recorded; another event continues the rest. Make it at least twice the timeout of a
   * model.
   */
  @WithDefault("PT4M")
  @WithConverter(MoreThanZero.class)
  Duration budget();

  /**
   * How long a stopping process waits for unfinished model calls and tool calls; those that do not
   * end in this time are repeated by another process. The default fits a model that answers within
   * seconds. Give the process 50 s more before it is killed.
   */
  @WithDefault("PT25S")
  @WithConverter(ZeroOrLonger.class)
  Duration drain();

  /**
   * How often loop mode does the maintenance: it renews credentials of remote tools, adds up usage,
   * removes old runs and old lines of the audit, continues resealing with a new master key, and
   * checks whether remote tools have changed.
   */
  @WithDefault("PT15S")
  @WithConverter(MoreThanZero.class)
  Duration keep();
}
