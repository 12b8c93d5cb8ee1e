package dev.errand.adapters.console.callback;

import dev.errand.adapters.console.page.Amounts;
import dev.errand.adapters.console.page.Excerpt;
import dev.errand.adapters.console.page.Mark;
import dev.errand.adapters.console.page.PageTime;
import dev.errand.automation.delivery.DeliveryView;
import dev.errand.automation.delivery.DeliveryView.State;
import dev.errand.base.json.Coded;
import dev.errand.identity.page.PagePaths;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A delivery of a callback or a notice, for people.
 *
 * @param home the address of the home of its profile
 * @param task the name of its task; empty for none
 */
public record DeliveryLine(DeliveryView delivery, String home, String task) {
  private static final int MOST_ATTEMPTS = 5;
  private static final int LONGEST = 120;

  /**
   * An attempt.
   *
   * @param result the HTTP status, or why there was none
   */
  public record Attempt(int number, PageTime at, String result, boolean isAccepted, String took) {}

  /** The run or the installation that it is about; empty for neither. */
  public String about() {
    String about = delivery.run() == null ? delivery.installation() : delivery.run();
    return about == null ? "" : about;
  }

  /** The page of the run; null where it is about none. */
  public @Nullable String aboutAddress() {
    return delivery.run() == null || task.isEmpty()
        ? null
        : PagePaths.run(home, task, delivery.run());
  }

  /** The mark of its state. */
  public Mark mark() {
    return mark(delivery.state());
  }

  /** When its event happened. */
  public PageTime happened() {
    return PageTime.of(delivery.happenedAt());
  }

  /** When the next attempt is due; null for none. */
  public @Nullable PageTime next() {
    return PageTime.orNull(delivery.nextAt());
  }

  /** How many attempts there were. */
  public int count() {
    return delivery.attempts().size();
  }

  /** How many attempts there were before those that are shown. */
  public int earlier() {
    return Math.max(0, count() - MOST_ATTEMPTS);
  }

  /** Its newest attempts. */
  public List<Attempt> attempts() {
    return delivery.attempts().stream().skip(earlier()).map(this::attempt).toList();
  }

  /** The result of the last attempt; empty where there was none. */
  public String last() {
    return count() == 0 ? "" : attempt(delivery.attempts().getLast()).result();
  }

  // A mail server answers, too.
  private boolean isNotice() {
    return delivery.title() != null;
  }

  private Attempt attempt(DeliveryView.Made made) {
    Integer status = made.status();
    String error = made.error() == null ? "no answer" : made.error();
    return new Attempt(
        made.number(),
        PageTime.of(made.at()),
        status != null ? (isNotice() ? "answer " : "HTTP ") + status : Excerpt.of(error, LONGEST),
        status != null && status >= 200 && status < 300,
        Amounts.duration(Duration.ofMillis(made.tookMs())));
  }

  /** The mark of a state, by its code. */
  static Mark mark(String state) {
    return Coded.find(State.class, state).map(DeliveryLine::mark).orElse(Mark.SKIPPED);
  }

  private static Mark mark(State state) {
    return switch (state) {
      case DELIVERED -> Mark.READY;
      case FAILED -> Mark.ERROR;
      case PENDING -> Mark.PENDING;
      case CANCELLED -> Mark.SKIPPED;
    };
  }
}
