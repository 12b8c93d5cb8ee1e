package dev.errand.automation.notice;

import dev.errand.automation.channel.HourLimits;
import dev.errand.base.database.Row;
import dev.errand.base.database.Sql;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The limits of messages in an hour: per profile, per address and per notice. Of what an address
 * gets, each owner of profiles has a share that others can't use up. What exceeds the limits is
 * held back, one row for each task and kind of event.
 */
@ApplicationScoped
class NoticeLimits implements HourLimits {
  private static final String FORGET =
      "DELETE FROM notice_sent WHERE at <= now() - interval '1 hour'";

  // What was sent in the last hour: by a profile, for a notice, to an address, and there by an
  // owner. What the version before counted has no owner, so its profile stands for it.
  private static final String SENT =
      """
      SELECT count(*) FILTER (WHERE profile_id = %1$s) AS of_profile,
        min(at) FILTER (WHERE profile_id = %1$s) AS first_of_profile,
        count(*) FILTER (WHERE notice_id = %2$s) AS of_notice,
        min(at) FILTER (WHERE notice_id = %2$s) AS first_of_notice,
        count(*) FILTER (WHERE address_digest = %3$s) AS of_address,
        min(at) FILTER (WHERE address_digest = %3$s) AS first_of_address,
        count(*) FILTER (WHERE address_digest = %3$s
          AND coalesce(owner_id, profile_id) = %4$s) AS of_owner,
        count(DISTINCT coalesce(owner_id, profile_id)) FILTER (WHERE address_digest = %3$s
          AND coalesce(owner_id, profile_id) <> %4$s) AS others
      FROM notice_sent
      WHERE at > now() - interval '1 hour' AND (profile_id = %1$s OR address_digest = %3$s)
      """;

  private static final String PROFILE_HAS_ROOM = "sent.of_profile < :per_profile";

  private static final String NOTICE_HAS_ROOM = "coalesce(sent.of_notice < %s, true)";

  // An owner may use what others leave, and an equal share whatever they use. So what an address
  // gets does not grow with the number of its owners: it is 66 messages where the limit is 20.
  private static final String ADDRESS_HAS_ROOM =
      "(sent.of_address < :per_address OR sent.of_owner < :per_address / (sent.others + 1))";

  private static final String COUNT =
      """
      SELECT (SELECT count(*) FROM notice_held WHERE notice_id = :notice_id) AS held,
        %1$s AND %2$s AND %3$s AS has_room,
        ceil(extract(epoch FROM greatest(
          CASE WHEN NOT %1$s THEN first_of_profile END,
          CASE WHEN NOT %2$s THEN first_of_notice END,
          CASE WHEN NOT %3$s THEN first_of_address END)
          + interval '1 hour' - now()))::integer AS pause_seconds
      FROM profile CROSS JOIN LATERAL (%4$s) AS sent WHERE profile.id = :profile_id
      """
          .formatted(
              PROFILE_HAS_ROOM,
              NOTICE_HAS_ROOM.formatted(":at_most::integer"),
              ADDRESS_HAS_ROOM,
              SENT.formatted(":profile_id", ":notice_id", ":address", "profile.account_id"));

  private static final String ADD =
      """
      INSERT INTO notice_sent (profile_id, address_digest, notice_id, owner_id)
      SELECT id, :address, :notice_id, account_id FROM profile WHERE id = :profile_id
      """;

  private static final String HOLD =
      """
      INSERT INTO notice_held AS known (notice_id, subject, event, number, first_at, last_at, run_id)
      VALUES (:notice_id, :subject, :event, 1, :at, :at, :run_id)
      ON CONFLICT (notice_id, subject, event) DO UPDATE SET number = known.number + 1,
        first_at = least(known.first_at, excluded.first_at),
        last_at = greatest(known.last_at, excluded.last_at),
        run_id = (SELECT id FROM run WHERE id IN (known.run_id, excluded.run_id)
          ORDER BY depth DESC, id DESC LIMIT 1)
      """;

  private static final String ANY_HELD = "SELECT 1 FROM notice_held LIMIT 1";

  // Those that the hour allows by now, and those that have nobody to tell it to. Owners take turns:
  // the oldest of each come first.
  private static final String RELEASABLE =
      """
      SELECT notice.id
      FROM (SELECT notice_id, min(first_at) AS since FROM notice_held GROUP BY notice_id) AS held
        JOIN notice ON notice.id = held.notice_id JOIN profile ON profile.id = notice.profile_id
        LEFT JOIN channel
          ON channel.profile_id = notice.profile_id AND channel.name = notice.channel
        CROSS JOIN LATERAL (%4$s) AS sent
      WHERE NOT notice.enabled OR channel.id IS NULL OR channel.confirmed_at IS NULL
        OR channel.disabled_at IS NOT NULL OR (%1$s AND %2$s AND %3$s)
      ORDER BY row_number() OVER (PARTITION BY profile.account_id ORDER BY held.since, notice.id),
        held.since, notice.id LIMIT 100
      """
          .formatted(
              PROFILE_HAS_ROOM,
              NOTICE_HAS_ROOM.formatted("notice.at_most_per_hour"),
              ADDRESS_HAS_ROOM,
              SENT.formatted(
                  "profile.id", "notice.id", "channel.address_digest", "profile.account_id"));

  // Of a delivery whose channel may be another one than its notice has by now.
  private static final String ADDRESS =
      """
      SELECT address_digest FROM callback_delivery JOIN channel ON channel.id = channel_id
      WHERE callback_delivery.id = :delivery_id
      """;

  // Until the end of the transaction, so that requests at once count each other.
  private static final String LOCK =
      "SELECT pg_advisory_xact_lock(hashtext('errand.address/' || encode(:address, 'hex')))";

  // A profile that is being deleted is left to the next pass, as with events.
  private static final String KEEP_PROFILE =
      """
      SELECT id FROM profile WHERE id = (SELECT profile_id FROM notice WHERE id = :notice_id)
      FOR KEY SHARE SKIP LOCKED
      """;

  // The run may have been removed.
  private static final String HELD =
      "SELECT "
          + NoticeSnapshot.COLUMNS
          + """
          , account.username, profile.name AS profile, held.subject, held.event, held.number,
          held.first_at, held.last_at, run.id AS run_id,
          coalesce(run.depth, -1) AS depth
          FROM\s"""
          + NoticeSnapshot.WITH_CHANNEL
          + """
          JOIN notice_held held ON held.notice_id = notice.id JOIN profile ON profile.id = notice.profile_id
          JOIN account ON account.id = profile.account_id LEFT JOIN run ON run.id = held.run_id
          WHERE notice.id = :notice_id ORDER BY held.first_at, held.subject, held.event
          FOR KEY SHARE OF notice
          """;

  private static final String RELEASE = "DELETE FROM notice_held WHERE notice_id = :notice_id";

  private final NoticeConfig config;

  NoticeLimits(NoticeConfig config) {
    this.config = config;
  }

  /** Forgets what was sent more than an hour ago. */
  void forget(Sql within) {
    within.statement(FORGET).update();
  }

  /**
   * Whether the hour has room for a message.
   *
   * @param isHeldBack whether others of its notice wait for that
   * @param pause how long there is none at the least; zero where there is
   */
  private record Room(boolean isThere, boolean isHeldBack, Duration pause) {
    static Room of(Row row) {
      Integer pause = row.integerOrNull("pause_seconds");
      return new Room(
          row.flag("has_room"),
          row.number("held") > 0,
          pause == null ? Duration.ZERO : Duration.ofSeconds(Math.max(1, pause)));
    }
  }

  /**
   * By what a message is counted.
   *
   * @param id the notice, or the channel that is tested
   * @param atMostPerHour its own limit; null for none
   */
  private record Sender(UUID profileId, UUID id, @Nullable Integer atMostPerHour) {
    static Sender of(NoticeSnapshot notice) {
      return new Sender(notice.profileId(), notice.id(), notice.settings().atMostPerHour());
    }
  }

  /**
   * Counts a message, if the hour allows it.
   *
   * @return false where it must be held back, also because others of its notice are
   */
  boolean take(Sql within, NoticeSnapshot notice, NoticeSnapshot.Target target) {
    Room room = room(within, notice, target.address());
    return !room.isHeldBack && take(within, Sender.of(notice), target.address(), room);
  }

  /** The same for the message that tells what was held back. */
  boolean takeHeld(Sql within, NoticeSnapshot notice, NoticeSnapshot.Target target) {
    return take(
        within, Sender.of(notice), target.address(), room(within, notice, target.address()));
  }

  /**
   * Counts a message that is sent again by request, while its profile is locked.
   *
   * @throws ApiException {@link ErrorCode#RATE_LIMITED} where the hour does not allow it
   */
  void takeAgain(Sql within, NoticeSnapshot notice, UUID deliveryId) {
    byte[] address =
        within
            .statement(ADDRESS)
            .with("delivery_id", deliveryId)
            .one(row -> row.bytes("address_digest"));
    takeOrRefuse(
        within,
        Sender.of(notice),
        address,
        "The limits of messages in an hour, of the profile, the notice or the address, allow no"
            + " other one now: send it again later.");
  }

  // A channel stands for a notice: it has no limit of its own, and nothing of it is held back.
  @Override
  public void takeTest(Sql within, UUID profileId, UUID channelId, byte[] address) {
    takeOrRefuse(
        within,
        new Sender(profileId, channelId, null),
        address,
        "The limits of messages in an hour, of the profile or the address, allow no other one now:"
            + " test the channel again later.");
  }

  private void takeOrRefuse(Sql within, Sender sender, byte[] address, String refusal) {
    within.statement(LOCK).with("address", address).run();
    Room room = room(within, sender, address);
    if (!take(within, sender, address, room)) {
      throw ApiException.retryLater(ErrorCode.RATE_LIMITED, refusal, room.pause);
    }
  }

  private Room room(Sql within, NoticeSnapshot notice, byte[] address) {
    return room(within, Sender.of(notice), address);
  }

  private Room room(Sql within, Sender sender, byte[] address) {
    return within
        .statement(COUNT)
        .with("profile_id", sender.profileId)
        .with("address", address)
        .with("notice_id", sender.id)
        .with("at_most", sender.atMostPerHour)
        .with("per_profile", config.perProfilePerHour())
        .with("per_address", config.perAddressPerHour())
        .one(Room::of);
  }

  private static boolean take(Sql within, Sender sender, byte[] address, Room room) {
    if (room.isThere) {
      within
          .statement(ADD)
          .with("profile_id", sender.profileId)
          .with("address", address)
          .with("notice_id", sender.id)
          .update();
    }
    return room.isThere;
  }

  void hold(
      Sql within,
      NoticeSnapshot notice,
      String subject,
      String event,
      Instant at,
      @Nullable Long runId) {
    within
        .statement(HOLD)
        .with("notice_id", notice.id())
        .with("subject", subject)
        .with("event", event)
        .with("at", at)
        .with("run_id", runId)
        .update();
  }

  /** Whether anything is held back. */
  boolean holdAny(Sql any) {
    return any.statement(ANY_HELD).exists();
  }

  /** Notices whose messages need not be held back any longer, in the order of their turns. */
  List<UUID> releasable(Sql any) {
    return any.statement(RELEASABLE)
        .with("per_profile", config.perProfilePerHour())
        .with("per_address", config.perAddressPerHour())
        .list(row -> row.id("id"));
  }

  /** What is held back of a notice; null for nothing, or while its profile is being deleted. */
  @Nullable HeldBack heldBack(Sql within, UUID noticeId) {
    if (!within.statement(KEEP_PROFILE).with("notice_id", noticeId).exists()) {
      return null;
    }
    List<HeldRow> rows = within.statement(HELD).with("notice_id", noticeId).list(HeldRow.class);
    return rows.isEmpty() ? null : heldBack(rows);
  }

  private static HeldBack heldBack(List<HeldRow> rows) {
    HeldRow first = rows.getFirst();
    HeldRow deepest = rows.stream().max(Comparator.comparingInt(HeldRow::depth)).orElse(first);
    return new HeldBack(
        first.notice(),
        first.profile(),
        deepest.runId(),
        rows.stream().map(HeldRow::line).toList());
  }

  @RegisterForReflection
  private record HeldRow(
      NoticeSnapshot notice,
      OutboxEvent.Slug profile,
      @Nullable Long runId,
      int depth,
      HeldBack.Line line) {}

  /** Forgets what was held back of a notice. */
  void release(Sql within, NoticeSnapshot notice) {
    within.statement(RELEASE).with("notice_id", notice.id()).update();
  }
}
