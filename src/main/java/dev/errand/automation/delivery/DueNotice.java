package dev.errand.automation.delivery;

import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.persistence.Column;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A delivery of a notice to a channel that is due and claimed by this process.
 *
 * @param traceparent the trace in which the run was started (W3C Trace Context); null without one
 * @param runId the run that it concerns; null for none, or where it is gone
 * @param message a {@code ChannelMessage} in JSON
 * @param isOff whether the channel is switched off
 * @param address a digest of the address of the channel; null where the channel is gone
 */
@RegisterForReflection
record DueNotice(
    @Column(name = "id") UUID deliveryId,
    int attempt,
    @Column(name = "tries") int failures,
    @Nullable String traceparent,
    UUID channelId,
    @Nullable Long runId,
    String message,
    boolean isOff,
    @Column(name = "address_digest") byte @Nullable [] address)
    implements DueDelivery {
  @Override
  public String toString() {
    return "DueNotice[" + deliveryId + ", attempt " + attempt + "]";
  }
}
