package dev.errand.adapters.console.schedule;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The form that registers or changes a schedule, with what stands in it.
 *
 * @param isNew whether it registers one
 * @param isEmpty whether nobody has filled it in yet
 * @param tasks the tasks to choose from, for a new one
 * @param task the name of its task
 * @param name its name
 * @param message why it was refused; null where it was not
 * @param times the fields with the rule
 * @param parameters what its runs are given, as JSON
 * @param missed what happens to missed times
 * @param preview what the rule means; null where that was not asked for
 */
public record ScheduleFormView(
    boolean isNew,
    boolean isEmpty,
    List<String> tasks,
    String task,
    String name,
    @Nullable String message,
    Times times,
    String parameters,
    String missed,
    @Nullable PreviewView preview) {

  /**
   * The fields with the rule.
   *
   * @param rule the kind of the rule: cron, every or at
   * @param when the rule
   * @param timezone the zone of its times
   * @param jitter each fire is delayed by less than this; empty for none
   * @param start the first time that may be; empty without a bound
   * @param end the last time that may be; empty without a bound
   */
  public record Times(
      String rule, String when, String timezone, String jitter, String start, String end) {}
}
