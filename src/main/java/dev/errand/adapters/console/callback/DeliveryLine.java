package dev.errand.adapters.console.callback;

import dev.errand.adapters.console.page.Amounts;
import dev.errand.adapters.console.page.PagePaths;
import dev.errand.adapters.console.page.PageTime;
import dev.errand.automation.callback.CallbackDelivery;
import dev.errand.base.json.WellFormed;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A delivery of a callback, for people.
 *
 * @param about the run or the installation
 * @param aboutAddress the run's page; null where it is about none
 * @param state pending, delivered, failed or cancelled
 * @param mark the CSS class of that state
 * @param next when the next attempt is due; null for none
 * @param attempts its newest attempts
 * @param earlier how many attempts there were before these
 */
public record DeliveryLine(
    String id,
    String event,
    String about,
    @Nullable String aboutAddress,
    String state,
    String mark,
    PageTime happened,
    @Nullable PageTime next,
    List<Attempt> attempts,
    int earlier) {
  private static final int MOST_ATTEMPTS = 5;
  private static final int LONGEST = 120;

  /**
   * An attempt.
   *
   * @param result the HTTP status, or why there was none
   */
  public record Attempt(int number, PageTime at, String result, boolean isAccepted, String took) {}

  /**
   * A delivery.
   *
   * @param home the address of the home of its profile
   * @param task the name of its task
   */
  static DeliveryLine of(CallbackDelivery delivery, String home, String task) {
    String run = delivery.run();
    String installation = delivery.installation();
    int all = delivery.attempts().size();
    int earlier = Math.max(0, all - MOST_ATTEMPTS);
    return new DeliveryLine(
        delivery.id().toString(),
        delivery.event(),
        run != null ? run : installation == null ? "" : installation,
        run == null ? null : PagePaths.run(home, task, run),
        delivery.state(),
        mark(delivery.state()),
        PageTime.of(delivery.happenedAt()),
        PageTime.orNull(delivery.nextAt()),
        delivery.attempts().subList(earlier, all).stream().map(DeliveryLine::attempt).toList(),
        earlier);
  }

  private static Attempt attempt(CallbackDelivery.Made made) {
    Integer status = made.status();
    String error = made.error() == null ? "no answer" : made.error();
    return new Attempt(
        made.number(),
        PageTime.of(made.at()),
        status != null ? "HTTP " + status : WellFormed.cut(error, LONGEST),
        status != null && status >= 200 && status < 300,
        Amounts.duration(Duration.ofMillis(made.tookMs())));
  }

  /** How many attempts there were. */
  public int count() {
    return earlier + attempts.size();
  }

  /** The result of the last attempt; empty where there was none. */
  public String last() {
    return attempts.isEmpty() ? "" : attempts.getLast().result();
  }

  /** The CSS class of a state. */
  static String mark(String state) {
    return switch (state) {
      case "delivered" -> "ready";
      case "failed" -> "error";
      case "pending" -> "pending";
      default -> "skipped";
    };
  }
}
