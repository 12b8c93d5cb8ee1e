package dev.errand.adapters.console.schedule;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The form that registers or changes a schedule, with its values.
 *
 * @param isEmpty whether it has not been filled in yet
 * @param tasks the tasks to choose from, for a new one
 * @param task the name of its task
 * @param message why it was refused; null where it was not
 * @param times the fields with the rule
 * @param parameters the parameters of its runs, as JSON
 * @param missed what happens to missed times
 * @param preview the meaning of the rule; null where that was not requested
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
   * @param timezone the zone of its times
   * @param jitter each fire is delayed by less than this; empty for none
   * @param start the earliest time of a fire; empty without a bound
   * @param end the latest time of a fire; empty without a bound
   */
  public record Times(
      String rule, String when, String timezone, String jitter, String start, String end) {}
}
