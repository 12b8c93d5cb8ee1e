package dev.errand.adapters.console.trigger;

import dev.errand.adapters.console.page.Amounts;
import dev.errand.adapters.console.page.PageTime;
import dev.errand.automation.trigger.SignatureScheme;
import dev.errand.automation.trigger.TriggerView;
import dev.errand.base.json.Durations;
import dev.errand.identity.page.PagePaths;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The data of the page of a trigger.
 *
 * @param home the address of the home of its profile
 * @param task the name of its task
 * @param trigger the trigger, with the secrets that have just been created
 * @param deliveries some of its deliveries, newest first
 * @param older the address of those before; null for none
 */
public record TriggerPageView(
    String home,
    String task,
    TriggerView trigger,
    List<TriggerDeliveryLine> deliveries,
    @Nullable String older) {

  /** The page of its task. */
  public String taskAddress() {
    return PagePaths.task(home, task);
  }

  /** The address of the page. */
  public String address() {
    return PagePaths.trigger(home, task, trigger.name());
  }

  /** How deliveries are authenticated, in words. */
  public String scheme() {
    return SignatureScheme.of(trigger.scheme()).words();
  }

  /** The end of each secret; empty where it has none. */
  public String secretHints() {
    return String.join(", ", trigger.secretHints());
  }

  /** How far signed times may be off. */
  public String tolerance() {
    return Durations.words(trigger.tolerance());
  }

  /** How many deliveries it accepts per minute. */
  public String rate() {
    return Amounts.number(trigger.ratePerMinute());
  }

  /** The largest body that it accepts. */
  public String largest() {
    return Amounts.number(trigger.maxBodyBytes()) + " bytes";
  }

  /** When its address expires; null for never. */
  public @Nullable PageTime expires() {
    return PageTime.orNull(trigger.expiresAt());
  }
}
