package dev.errand.adapters.console.trigger;

import dev.errand.adapters.console.page.Mark;
import dev.errand.adapters.console.page.PageTime;
import dev.errand.adapters.console.page.TaskPlace;
import dev.errand.automation.trigger.ProfileTriggers.ListedTrigger;
import dev.errand.automation.trigger.SignatureScheme;
import dev.errand.identity.page.PagePaths;
import org.jspecify.annotations.Nullable;

/**
 * A trigger in the list of a profile.
 *
 * @param home the address of the home of the profile
 */
public record TriggerItem(ListedTrigger listed, String home) {

  /** The page of the trigger. */
  public String address() {
    return PagePaths.trigger(home, listed.task(), listed.name());
  }

  /** The page of its task. */
  public String taskAddress() {
    return PagePaths.task(home, listed.task());
  }

  /** How deliveries are authenticated, in words. */
  public String scheme() {
    return SignatureScheme.of(listed.scheme()).words();
  }

  /** When its address expires; null for never. */
  public @Nullable PageTime expires() {
    return PageTime.orNull(listed.expiresAt());
  }

  /** The mark of the outcome of its newest delivery; null where it has none. */
  public @Nullable Mark mark() {
    return listed.last() == null ? null : TriggerDeliveryLine.mark(listed.last().verdict());
  }

  /** When that delivery came; null where it has none. */
  public @Nullable PageTime time() {
    return listed.last() == null ? null : PageTime.of(listed.last().receivedAt());
  }

  TaskPlace place() {
    return new TaskPlace(listed.task(), listed.name());
  }
}
