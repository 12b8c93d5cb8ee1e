package dev.errand.adapters.console.trigger;

import dev.errand.adapters.console.page.PageTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The data of the page with the triggers of a profile.
 *
 * @param next the address of the following page; null for the last one
 */
public record TriggerListView(List<Line> triggers, @Nullable String next) {

  /**
   * A trigger.
   *
   * @param task the name of its task
   * @param taskAddress the page of its task
   * @param scheme how deliveries are authenticated, in words
   * @param expires when its address expires; null for never
   * @param last the outcome of its newest delivery; null where there is none
   * @param mark the CSS class of that outcome
   * @param code the code of its error; null for none
   * @param time when it came; null where there is none
   */
  public record Line(
      String name,
      String address,
      String task,
      String taskAddress,
      String scheme,
      boolean enabled,
      @Nullable PageTime expires,
      @Nullable String last,
      String mark,
      @Nullable String code,
      @Nullable PageTime time) {}
}
