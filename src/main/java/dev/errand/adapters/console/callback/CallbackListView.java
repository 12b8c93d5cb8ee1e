package dev.errand.adapters.console.callback;

import dev.errand.adapters.console.show.PageTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the page with the callbacks of a profile shows.
 *
 * @param callbacks the callbacks
 * @param next the address of the following page; null for the last one
 */
public record CallbackListView(List<Line> callbacks, @Nullable String next) {

  /**
   * A callback.
   *
   * @param url where it goes; its server alone for those who may not change it
   * @param address its page
   * @param task the name of its task
   * @param taskAddress the page of its task
   * @param events the events that it receives
   * @param enabled whether it receives deliveries
   * @param last how far its newest delivery has come; null where there is none
   * @param mark the class of that word
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
