package dev.errand.automation.notice;

import dev.errand.runs.event.EventKind;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.persistence.Column;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A notice at one moment, with its channel.
 *
 * @param target its channel; null where the profile has none of that name
 */
@RegisterForReflection
record NoticeSnapshot(
    UUID id,
    UUID profileId,
    String name,
    NoticeSettings settings,
    Instant createdAt,
    Instant modifiedAt,
    long etag,
    @Nullable Target target) {

  /** The columns of {@code notice} and {@code channel} that it is read from. */
  static final String COLUMNS =
      """
      notice.*, channel.id AS channel_id, channel.address_digest,
      channel.confirmed_at IS NOT NULL AS is_confirmed, channel.disabled_at IS NOT NULL AS is_off,
      channel.base_url
      """;

  /** The join that {@link #COLUMNS} need. */
  static final String WITH_CHANNEL =
      """
      notice LEFT JOIN channel
        ON channel.profile_id = notice.profile_id AND channel.name = notice.channel
      """;

  /**
   * The channel of a notice.
   *
   * @param address a digest of its address
   * @param baseUrl the address of the service in the request that registered the channel
   */
  @RegisterForReflection
  record Target(
      @Column(name = "channel_id") UUID id,
      @Column(name = "address_digest") byte[] address,
      boolean isConfirmed,
      boolean isOff,
      @Nullable String baseUrl) {
    boolean isReady() {
      return isConfirmed && !isOff;
    }

    @Override
    public String toString() {
      return "Target[" + id + "]";
    }
  }

  boolean has(EventKind event) {
    return settings.events().contains(event.code());
  }

  /** How many failures in a row it tells of, so that it also tells of their end. */
  int failuresToTell() {
    return has(EventKind.RUN_ERROR) ? 1 : settings.errorsInARow();
  }
}
