package dev.errand.automation.trigger;

import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.persistence.Embeddable;
import jakarta.persistence.Embedded;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How a trigger treats deliveries.
 *
 * @param toleranceSeconds how far the signed time may be off
 * @param expiresAt when its address expires; null for never
 * @param filter which deliveries start runs
 */
@Embeddable
@RegisterForReflection
public record TriggerSettings(
    SignatureScheme scheme,
    boolean enabled,
    int toleranceSeconds,
    int ratePerMinute,
    int maxBodyBytes,
    @Nullable Instant expiresAt,
    @Embedded TriggerFilter filter) {
  public Duration tolerance() {
    return Duration.ofSeconds(toleranceSeconds);
  }

  public boolean hasExpired(Instant now) {
    return expiresAt != null && !now.isBefore(expiresAt);
  }

  TriggerSettings withEnabled(boolean isEnabled) {
    return new TriggerSettings(
        scheme, isEnabled, toleranceSeconds, ratePerMinute, maxBodyBytes, expiresAt, filter);
  }
}
