package dev.errand.adapters.console.task;

import dev.errand.adapters.console.page.Choice;
import dev.errand.adapters.console.page.PageTime;
import dev.errand.adapters.console.page.RunLine;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The data of the page of a task.
 *
 * @param enabled whether runs of it can be started
 * @param model the name of its model
 * @param provider the provider that has its key; null where it has its own
 * @param keyHint the end of its own key; null where it has none
 * @param system the text before its prompt; null for none
 * @param bounds the bounds of its runs
 * @param form the form that runs it; null for users who may not
 * @param runs its newest runs
 * @param others the addresses and names of its triggers and callbacks
 */
public record TaskPageView(
    String name,
    String address,
    boolean enabled,
    String model,
    @Nullable String provider,
    @Nullable String keyHint,
    String prompt,
    @Nullable String system,
    List<Bound> bounds,
    @Nullable RunFormView form,
    List<RunLine> runs,
    List<ScheduleLine> schedules,
    List<Choice> others) {

  /**
   * A bound of its runs.
   *
   * @param value the most of it
   */
  public record Bound(String name, String value) {}

  /**
   * A schedule.
   *
   * @param next when it fires next; null for never
   * @param standstill why it does not fire; null where it does
   */
  public record ScheduleLine(
      String name,
      String address,
      String words,
      @Nullable PageTime next,
      @Nullable String standstill) {}
}
