package dev.errand.adapters.console.trigger;

import dev.errand.adapters.console.page.Amounts;
import dev.errand.adapters.console.page.PagePaths;
import dev.errand.adapters.console.page.PageRequest;
import dev.errand.adapters.console.page.PageTime;
import dev.errand.automation.trigger.TriggerView;
import dev.errand.automation.trigger.delivery.DeliveryService;
import dev.errand.automation.trigger.delivery.DeliveryService.DeliveryView;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Builds the view of the page of a trigger. */
@ApplicationScoped
class TriggerPageViews {
  private static final int LINES = 25;

  private final DeliveryService deliveries;

  TriggerPageViews(DeliveryService deliveries) {
    this.deliveries = deliveries;
  }

  /**
   * The page of a trigger.
   *
   * @param trigger the trigger, with what is to be shown of it
   * @param from how many of the newest deliveries are left out
   * @param message why an action was refused; null where none was
   */
  TriggerPageView of(
      PageRequest page, String task, TriggerView trigger, int from, @Nullable String message) {
    String home = page.home();
    String address = PagePaths.trigger(home, task, trigger.name());
    List<DeliveryView> all = deliveries.list(page.caller(), page.profile(), task, trigger.name());
    int end = Math.min(from + LINES, all.size());
    return new TriggerPageView(
        trigger.name(),
        task,
        PagePaths.task(home, task),
        address,
        TriggerForm.words(trigger.scheme()),
        trigger.enabled(),
        trigger.url(),
        trigger.secrets(),
        String.join(", ", trigger.secretHints()),
        Amounts.duration(trigger.tolerance()),
        Amounts.number(trigger.ratePerMinute()),
        Amounts.number(trigger.maxBodyBytes()) + " bytes",
        PageTime.orNull(trigger.expiresAt()),
        all.subList(Math.min(from, end), end).stream()
            .map(delivery -> ReceivedLine.of(delivery, home, task, address))
            .toList(),
        end < all.size() ? address + "?from=" + end : null,
        message);
  }
}
