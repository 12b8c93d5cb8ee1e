package dev.errand.adapters.console.trigger;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The form that creates or changes a trigger, with its values. It has no secrets.
 *
 * @param tasks the tasks to choose from, for a new one
 * @param task the name of its task
 * @param message why it was refused; null where it was not
 * @param schemes the schemes to choose from
 * @param scheme the code of the chosen one
 * @param secretHints the end of each secret that it has; empty for none
 * @param tolerance how far signed times may be off, as an ISO 8601 duration
 * @param rate how many deliveries it accepts per minute
 * @param largest the largest body that it accepts, in bytes
 * @param expires when its address expires, in UTC; empty for never
 */
public record TriggerFormView(
    boolean isNew,
    List<String> tasks,
    String task,
    String name,
    @Nullable String message,
    List<Scheme> schemes,
    String scheme,
    String secretHints,
    String tolerance,
    String rate,
    String largest,
    String expires) {

  /**
   * How deliveries are authenticated.
   *
   * @param words its name for people
   */
  public record Scheme(String code, String words) {}
}
