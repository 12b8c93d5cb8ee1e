package dev.errand.automation.notice;

import dev.errand.base.database.Row;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A rule of a profile: which events of which tasks are told to which channel.
 *
 * @param events codes of {@link NoticeEvent}; another version may know more of them
 * @param channel the name of the channel
 * @param tasks the names of the tasks; empty for all
 * @param errorsInARow how many failures {@link NoticeEvent#RUN_ERRORS_IN_A_ROW} wants
 * @param atMostPerHour how many messages it may lead to in an hour; null for no limit of its own
 * @param include the parts of a run that messages quote
 * @param target its channel; null where the profile has none of that name
 */
record Notice(
    UUID id,
    UUID profileId,
    String name,
    List<String> events,
    String channel,
    List<String> tasks,
    int errorsInARow,
    @Nullable Integer atMostPerHour,
    List<String> include,
    boolean enabled,
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
        row.texts("events"),
        row.text("channel"),
        row.texts("tasks"),
        row.integer("errors_in_a_row"),
        row.integerOrNull("at_most_per_hour"),
        row.texts("include"),
        row.flag("enabled"),
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

  boolean has(NoticeEvent event) {
    return events.contains(event.code());
  }

  /** Whether it is about that task; what concerns no task concerns all. */
  boolean covers(@Nullable String task) {
    return task == null || tasks.isEmpty() || tasks.contains(task);
  }

  /** How many failures in a row it tells of, so that it also tells of their end. */
  int failuresToTell() {
    return has(NoticeEvent.RUN_ERROR) ? 1 : errorsInARow;
  }
}
