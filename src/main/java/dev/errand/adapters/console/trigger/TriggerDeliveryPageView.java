package dev.errand.adapters.console.trigger;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A delivery to a trigger with its body.
 *
 * @param task the name of the trigger's task
 * @param trigger the name of the trigger
 * @param fields the stored header fields, each with its value
 * @param body a part of its body; null where that is not stored
 * @param next the address of the part after it; null for none
 * @param message why an action was refused; null where none was
 */
public record TriggerDeliveryPageView(
    String task,
    String trigger,
    String triggerAddress,
    TriggerDeliveryLine line,
    List<Field> fields,
    @Nullable String body,
    @Nullable String next,
    @Nullable String message) {

  /** A header field. */
  public record Field(String name, String value) {}

  @Override
  public String toString() {
    return "TriggerDeliveryPageView[" + line.delivery().id() + "]";
  }
}
