package dev.errand.adapters.console.trigger;

import dev.errand.adapters.console.page.Amounts;
import dev.errand.adapters.console.page.PagePaths;
import dev.errand.adapters.console.page.PageTime;
import dev.errand.automation.trigger.delivery.DeliveryService.DeliveryView;
import dev.errand.base.json.WellFormed;
import org.jspecify.annotations.Nullable;

/**
 * A delivery to a trigger, for people.
 *
 * @param address its page, below which its forms are
 * @param sender the network address of its sender
 * @param mark the CSS class of that outcome
 * @param code the code of its error; null for none
 * @param message that error as a sentence; null for none
 * @param run the name of its run; null where there is none
 * @param runAddress the run's page; null where there is none
 * @param contentType its content type; empty where it has none
 * @param size the size of its body
 * @param replayable whether its body is stored
 * @param replayOf the delivery that it replays; null for an original
 */
public record ReceivedLine(
    long id,
    String address,
    PageTime received,
    String sender,
    String verdict,
    String mark,
    @Nullable String code,
    @Nullable String message,
    @Nullable String run,
    @Nullable String runAddress,
    String contentType,
    String size,
    boolean replayable,
    @Nullable Long replayOf) {
  private static final int LONGEST_MESSAGE = 200;
  private static final int LONGEST_TYPE = 80;

  /**
   * A delivery.
   *
   * @param home the address of the home of its profile
   * @param task the name of the trigger's task
   * @param trigger the address of the trigger's page
   */
  static ReceivedLine of(DeliveryView delivery, String home, String task, String trigger) {
    String message = delivery.message();
    String run = delivery.run();
    String type = delivery.contentType();
    // A failed delivery has not started a run.
    boolean hasRun = run != null && delivery.code() == null;
    return new ReceivedLine(
        delivery.id(),
        trigger + "/deliveries/" + delivery.id(),
        PageTime.of(delivery.receivedAt()),
        delivery.sender(),
        delivery.verdict(),
        mark(delivery.verdict()),
        delivery.code(),
        message == null ? null : WellFormed.cut(message, LONGEST_MESSAGE),
        run,
        run != null && hasRun ? PagePaths.run(home, task, run) : null,
        type == null ? "" : WellFormed.cut(type, LONGEST_TYPE),
        Amounts.number(delivery.bodyBytes()) + " bytes",
        delivery.replayable(),
        delivery.replayOf());
  }

  /** The CSS class of a verdict. */
  static String mark(String verdict) {
    return switch (verdict) {
      case "started" -> "ready";
      case "failed" -> "error";
      default -> "skipped";
    };
  }
}
