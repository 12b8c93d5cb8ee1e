package dev.errand.adapters.console.trigger;

import dev.errand.adapters.console.page.Amounts;
import dev.errand.adapters.console.page.Excerpt;
import dev.errand.adapters.console.page.Mark;
import dev.errand.adapters.console.page.PageTime;
import dev.errand.automation.trigger.TriggerDelivery.Verdict;
import dev.errand.automation.trigger.TriggerDeliveryService.TriggerDeliveryView;
import dev.errand.base.json.Coded;
import dev.errand.identity.page.PagePaths;
import dev.errand.tools.mcp.wire.VisibleText;
import org.jspecify.annotations.Nullable;

/**
 * A delivery to a trigger, for people.
 *
 * @param home the address of the home of its profile
 * @param task the name of the trigger's task
 * @param trigger the address of the trigger's page
 */
public record TriggerDeliveryLine(
    TriggerDeliveryView delivery, String home, String task, String trigger) {
  private static final int LONGEST_MESSAGE = 200;
  private static final int LONGEST_TYPE = 80;

  /** Its page, below which its forms are. */
  public String address() {
    return trigger + "/deliveries/" + delivery.id();
  }

  /** When it came. */
  public PageTime received() {
    return PageTime.of(delivery.receivedAt());
  }

  /** The mark of its outcome. */
  public Mark mark() {
    return mark(delivery.verdict());
  }

  /** Its error as a sentence; null for none. */
  public @Nullable String message() {
    String message = delivery.message();
    return message == null ? null : Excerpt.of(message, LONGEST_MESSAGE);
  }

  /** The page of its run; null where it has none. */
  public @Nullable String runAddress() {
    String run = delivery.run();
    // A failed delivery has not started a run.
    return run == null || delivery.code() != null ? null : PagePaths.run(home, task, run);
  }

  /** The name of its event; empty where it has none. */
  public String event() {
    String event = delivery.event();
    return event == null ? "" : VisibleText.of(event);
  }

  /** Its content type; empty where it has none. */
  public String contentType() {
    String type = delivery.contentType();
    return type == null ? "" : Excerpt.of(type, LONGEST_TYPE);
  }

  /** The size of its body. */
  public String size() {
    return Amounts.number(delivery.bodyBytes()) + " bytes";
  }

  /** The mark of a verdict, by its code. */
  static Mark mark(String verdict) {
    return Coded.find(Verdict.class, verdict).map(TriggerDeliveryLine::mark).orElse(Mark.SKIPPED);
  }

  private static Mark mark(Verdict verdict) {
    return switch (verdict) {
      case STARTED -> Mark.READY;
      case FAILED -> Mark.ERROR;
      case KNOWN, FILTERED, CHALLENGED, REFUSED -> Mark.SKIPPED;
    };
  }
}
