package dev.errand.automation.delivery;

import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.persistence.Column;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A delivery to a callback that is due and claimed by this process.
 *
 * @param deliveryId its id, the same at each attempt
 * @param failures how many attempts have failed since it was last requested
 * @param event what happened, such as {@code run.ready}
 * @param secretsSealed the sealed secrets for the signature
 * @param baseUrl the address of the service in the request that registered the callback
 * @param run the run that has ended or waits; null where the event concerns none
 * @param installation the installation whose credential it concerns; null where it concerns none
 * @param traceparent the trace in which the run was started (W3C Trace Context); null without one
 * @param included its content besides an address, a JSON object that was fixed with the event; null
 *     for none
 */
@RegisterForReflection
record DueCallback(
    @Column(name = "id") UUID deliveryId,
    int attempt,
    @Column(name = "tries") int failures,
    String event,
    Instant happenedAt,
    UUID callbackId,
    String url,
    byte[] secretsSealed,
    @Nullable String baseUrl,
    @Column(name = "username") String user,
    String profile,
    String task,
    @Nullable String run,
    @Nullable String installation,
    @Nullable String traceparent,
    @Nullable String included)
    implements DueDelivery {
  @Override
  public String toString() {
    return "DueCallback[" + deliveryId + ", attempt " + attempt + "]";
  }
}
