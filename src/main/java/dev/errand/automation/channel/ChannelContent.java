package dev.errand.automation.channel;

import dev.errand.automation.channel.ChannelView.LastError;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.persistence.Embeddable;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a channel stores besides its name.
 *
 * @param addressHint what viewers see of the address
 * @param addressDigest by which messages to one address are counted
 * @param confirmedAt when the recipient confirmed it; null where that is not done
 * @param confirmationSentAt when the recipient was last asked for it; null for never
 * @param lastError why a message to this address was last not accepted; null for never
 */
@Embeddable
@RegisterForReflection
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record ChannelContent(
    ChannelKind kind,
    byte[] addressSealed,
    byte @Nullable [] secretSealed,
    String addressHint,
    byte[] addressDigest,
    @Nullable Instant confirmedAt,
    @Nullable Instant confirmationSentAt,
    @Nullable LastError lastError,
    @Nullable String baseUrl,
    @Nullable Instant disabledAt,
    Instant modifiedAt) {
  /** Whether the recipient switched it off, and has not confirmed it since. */
  boolean isUnsubscribed() {
    return disabledAt != null && confirmedAt == null;
  }

  @Override
  public String toString() {
    return "ChannelContent[" + kind.code() + "]";
  }
}
