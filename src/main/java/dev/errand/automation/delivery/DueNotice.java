package dev.errand.automation.delivery;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A delivery of a notice to a channel that is due and claimed by this process.
 *
 * @param traceparent the trace in which the run was started (W3C Trace Context); null without one
 * @param message a {@code ChannelMessage} in JSON
 * @param isOff whether the channel is switched off
 * @param address a digest of the address of the channel; null where the channel is gone
 */
record DueNotice(
    UUID deliveryId,
    int attempt,
    int failures,
    @Nullable String traceparent,
    UUID channelId,
    String message,
    boolean isOff,
    byte @Nullable [] address)
    implements DueDelivery {
  @Override
  public String toString() {
    return "DueNotice[" + deliveryId + ", attempt " + attempt + "]";
  }
}
