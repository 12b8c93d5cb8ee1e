package dev.errand.adapters.console.callback;

import dev.errand.adapters.console.page.PageTime;
import dev.errand.automation.callback.CallbackService.CallbackView;
import dev.errand.identity.page.PagePaths;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the page of a callback shows.
 *
 * @param home the address of the home of its profile
 * @param task the name of its task
 * @param deliveries some of its deliveries, newest first
 * @param older the address of those before; null for none
 * @param message why an action was refused; null where none was
 */
public record CallbackPageView(
    String home,
    String task,
    CallbackView callback,
    List<DeliveryLine> deliveries,
    @Nullable String older,
    @Nullable String message) {

  /** The page of its task. */
  public String taskAddress() {
    return PagePaths.task(home, task);
  }

  /** The address of the page. */
  public String address() {
    return PagePaths.callback(home, task, callback.id().toString());
  }

  /** The events that it receives. */
  public String events() {
    return String.join(", ", callback.events());
  }

  /** The parts of the run that they contain; empty for none. */
  public String include() {
    return String.join(", ", callback.include());
  }

  /** The end of each secret. */
  public String secretHints() {
    return String.join(", ", callback.secretHints());
  }

  /** When a 410 disabled it; null while it is enabled. */
  public @Nullable PageTime off() {
    return PageTime.orNull(callback.disabledAt());
  }
}
