package dev.errand.adapters.console.trigger;

import dev.errand.adapters.console.page.PageTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The data of the page of a trigger.
 *
 * @param task the name of its task
 * @param taskAddress the page of its task
 * @param scheme how deliveries are authenticated, in words
 * @param url where deliveries are sent; null where that is not shown
 * @param secrets the secrets that have just been created, which are shown once
 * @param secretHints the end of each secret; empty where it has none
 * @param tolerance how far signed times may be off
 * @param rate how many deliveries it accepts per minute
 * @param largest the largest body that it accepts
 * @param expires when its address expires; null for never
 * @param deliveries some of its deliveries, newest first
 * @param older the address of those before; null for none
 * @param message why an action was refused; null where none was
 */
public record TriggerPageView(
    String name,
    String task,
    String taskAddress,
    String address,
    String scheme,
    boolean enabled,
    @Nullable String url,
    List<String> secrets,
    String secretHints,
    String tolerance,
    String rate,
    String largest,
    @Nullable PageTime expires,
    List<ReceivedLine> deliveries,
    @Nullable String older,
    @Nullable String message) {

  @Override
  public String toString() {
    return "TriggerPageView[" + name + "]";
  }
}
