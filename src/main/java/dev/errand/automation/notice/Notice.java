package dev.errand.automation.notice;

import dev.errand.base.database.Row;
import dev.errand.runs.event.EventKind;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A rule of a profile: which events of which tasks are told to which channel.
 *
 * @param target its channel; null where the profile has none of that name
 */
record Notice(
    UUID id,
    UUID profileId,
    String name,
    NoticeSettings settings,
    Instant createdAt,
    Instant modifiedAt,
    @Nullable Target target) {

  /** The columns of {@code notice} and {@code channel} that {@link #of} reads. */
  static final String COLUMNS =
      """
      notice.id, notice.profile_id, notice.name, notice.events, notice.channel, notice.tasks,
      notice.errors_in_a_row, notice.at_most_per_hour, notice.include, notice.enabled,
      notice.created_at, notice.modified_at, channel.id AS channel_id, channel.address_digest,
      channel.confirmed_at, channel.disabled_at, channel.base_url
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
  record Target(
      UUID id, byte[] address, boolean isConfirmed, boolean isOff, @Nullable String baseUrl) {
    boolean isReady() {
      return isConfirmed && !isOff;
    }

    @Override
    public String toString() {
      return "Target[" + id + "]";
    }
  }

  static Notice of(Row row) {
    UUID channel = row.idOrNull("channel_id");
    return new Notice(
        row.id("id"),
        row.id("profile_id"),
        row.text("name"),
        new NoticeSettings(
            row.texts("events"),
            row.text("channel"),
            row.textsOrNull("tasks"),
            row.integer("errors_in_a_row"),
            row.integerOrNull("at_most_per_hour"),
            row.texts("include"),
            row.flag("enabled")),
        row.time("created_at"),
        row.time("modified_at"),
        channel == null
            ? null
            : new Target(
                channel,
                row.bytes("address_digest"),
                row.timeOrNull("confirmed_at") != null,
                row.timeOrNull("disabled_at") != null,
                row.textOrNull("base_url")));
  }

  boolean has(EventKind event) {
    return settings.events().contains(event.code());
  }

  /** How many failures in a row it tells of, so that it also tells of their end. */
  int failuresToTell() {
    return has(EventKind.RUN_ERROR) ? 1 : settings.errorsInARow();
  }
}
