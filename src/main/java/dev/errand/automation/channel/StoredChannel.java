package dev.errand.automation.channel;

import dev.errand.automation.channel.ChannelView.LastError;
import dev.errand.base.database.Row;
import dev.errand.base.json.Coded;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A channel as the database has it.
 *
 * @param addressHint what viewers see of the address
 * @param addressDigest by which messages to one address are counted
 * @param confirmedAt when the recipient confirmed it; null where that is not done
 * @param confirmationSentAt when the recipient was last asked for it; null for never
 * @param lastError why a message to this address was last not accepted; null for never
 */
record StoredChannel(
    UUID id,
    UUID profileId,
    String name,
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
    Instant createdAt,
    Instant modifiedAt) {

  static StoredChannel of(Row row) {
    Instant failedAt = row.timeOrNull("failed_at");
    return new StoredChannel(
        row.id("id"),
        row.id("profile_id"),
        row.text("name"),
        Coded.of(ChannelKind.class, row.text("kind")),
        row.bytes("address_sealed"),
        row.bytesOrNull("secret_sealed"),
        row.text("address_hint"),
        row.bytes("address_digest"),
        row.timeOrNull("confirmed_at"),
        row.timeOrNull("confirmation_sent_at"),
        failedAt == null ? null : new LastError(failedAt, row.text("failure")),
        row.textOrNull("base_url"),
        row.timeOrNull("disabled_at"),
        row.time("created_at"),
        row.time("modified_at"));
  }

  static String addressContext(UUID id) {
    return "channel/" + id + "/address";
  }

  static String secretContext(UUID id) {
    return "channel/" + id + "/secret";
  }

  /** Whether the recipient switched it off, and has not confirmed it since. */
  boolean isUnsubscribed() {
    return disabledAt != null && confirmedAt == null;
  }

  @Override
  public String toString() {
    return "StoredChannel[" + id + ", " + kind.code() + "]";
  }
}
