package dev.errand.adapters.console.callback;

import dev.errand.adapters.console.page.PageTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the page with the callbacks of a profile shows.
 *
 * @param next the address of the following page; null for the last one
 */
public record CallbackListView(List<Line> callbacks, @Nullable String next) {

  /**
   * A callback.
   *
   * @param url its address; only its server for users who may not change it
   * @param task the name of its task
   * @param taskAddress the page of its task
   * @param events the events that it receives
   * @param last the state of its newest delivery; null where there is none
   * @param mark the CSS class of that state
   * @param time when that happened; null where there is none
   */
  public record Line(
      String url,
      String address,
      String task,
      String taskAddress,
      String events,
      boolean enabled,
      @Nullable String last,
      String mark,
      @Nullable PageTime time) {}
}
