package dev.errand.adapters.console.callback;

import dev.errand.adapters.console.page.Mark;
import dev.errand.adapters.console.page.PageTime;
import dev.errand.adapters.console.page.TaskPlace;
import dev.errand.automation.callback.ProfileCallbacks.ListedCallback;
import dev.errand.identity.page.PagePaths;
import org.jspecify.annotations.Nullable;

/**
 * A callback in the list of a profile.
 *
 * @param home the address of the home of the profile
 */
public record CallbackItem(ListedCallback listed, String home) {

  /** The page of the callback. */
  public String address() {
    return PagePaths.callback(home, listed.task(), id());
  }

  /** The page of its task. */
  public String taskAddress() {
    return PagePaths.task(home, listed.task());
  }

  /** The events that it receives. */
  public String events() {
    return String.join(", ", listed.callback().events());
  }

  /** The mark of the state of its newest delivery; null where it has none. */
  public @Nullable Mark mark() {
    return listed.last() == null ? null : DeliveryLine.mark(listed.last().state());
  }

  /** When that happened; null where it has none. */
  public @Nullable PageTime time() {
    return listed.last() == null ? null : PageTime.of(listed.last().happenedAt());
  }

  TaskPlace place() {
    return new TaskPlace(listed.task(), id());
  }

  private String id() {
    return listed.callback().id().toString();
  }
}
