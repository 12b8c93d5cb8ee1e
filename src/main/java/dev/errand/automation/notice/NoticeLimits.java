package dev.errand.automation.notice;

import dev.errand.base.database.Row;
import dev.errand.base.database.Sql;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The limits of messages in an hour: per profile, per address and per notice. What exceeds them is
 * held back, one row for each task and kind of event.
 */
@ApplicationScoped
class NoticeLimits {
  private static final String FORGET =
      "DELETE FROM notice_sent WHERE at <= now() - interval '1 hour'";

  private static final String COUNT =
      """
      SELECT count(*) FILTER (WHERE profile_id = :profile_id) AS of_profile,
        count(*) FILTER (WHERE address_digest = :address) AS of_address,
        count(*) FILTER (WHERE notice_id = :notice_id) AS of_notice,
        EXISTS (SELECT FROM notice_held WHERE notice_id = :notice_id) AS waits
      FROM notice_sent
      WHERE at > now() - interval '1 hour' AND (profile_id = :profile_id OR address_digest = :address)
      """;

  private static final String ADD =
      """
      INSERT INTO notice_sent (profile_id, address_digest, notice_id)
      VALUES (:profile_id, :address, :notice_id)
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

  // Those that the hour allows by now, and those that have nobody to tell it to, the oldest first.
  private static final String RELEASABLE =
      """
      SELECT notice.id
      FROM (SELECT notice_id, min(first_at) AS since FROM notice_held GROUP BY notice_id) AS held
        JOIN notice ON notice.id = held.notice_id
        LEFT JOIN channel
          ON channel.profile_id = notice.profile_id AND channel.name = notice.channel
      WHERE NOT notice.enabled OR channel.id IS NULL OR channel.confirmed_at IS NULL
        OR channel.disabled_at IS NOT NULL
        OR ((SELECT count(*) FROM notice_sent AS sent WHERE sent.profile_id = notice.profile_id
            AND at > now() - interval '1 hour') < :per_profile
          AND (SELECT count(*) FROM notice_sent AS sent
            WHERE sent.address_digest = channel.address_digest
            AND at > now() - interval '1 hour') < :per_address
          AND (notice.at_most_per_hour IS NULL OR (SELECT count(*) FROM notice_sent AS sent
            WHERE sent.profile_id = notice.profile_id AND sent.notice_id = notice.id
            AND at > now() - interval '1 hour') < notice.at_most_per_hour))
      ORDER BY held.since LIMIT 100
      """;

  // A profile that is being deleted is left to the next pass, as with events.
  private static final String KEEP_PROFILE =
      """
      SELECT id FROM profile WHERE id = (SELECT profile_id FROM notice WHERE id = :notice_id)
      FOR KEY SHARE SKIP LOCKED
      """;

  // The run may have been removed.
  private static final String HELD =
      "SELECT "
          + Notice.COLUMNS
          + """
          , account.username, profile.name AS profile, held.subject, held.event, held.number,
          held.first_at, held.last_at, run.id AS run_id, run.depth
          FROM\s"""
          + Notice.WITH_CHANNEL
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
   * Counts a message, if the hour allows it.
   *
   * @return false where it must be held back, also because others of its notice are
   */
  boolean take(Sql within, Notice notice, Notice.Target target) {
    return take(within, notice, target, false);
  }

  /** The same for the message that tells what was held back. */
  boolean takeHeld(Sql within, Notice notice, Notice.Target target) {
    return take(within, notice, target, true);
  }

  private boolean take(Sql within, Notice notice, Notice.Target target, boolean isHeld) {
    boolean allowed =
        within
            .statement(COUNT)
            .with("profile_id", notice.profileId())
            .with("address", target.address())
            .with("notice_id", notice.id())
            .one(row -> isAllowed(row, notice) && (isHeld || !row.flag("waits")));
    if (allowed) {
      within
          .statement(ADD)
          .with("profile_id", notice.profileId())
          .with("address", target.address())
          .with("notice_id", notice.id())
          .update();
    }
    return allowed;
  }

  private boolean isAllowed(Row row, Notice notice) {
    Integer own = notice.atMostPerHour();
    return row.number("of_profile") < config.perProfilePerHour()
        && row.number("of_address") < config.perAddressPerHour()
        && (own == null || row.number("of_notice") < own);
  }

  void hold(
      Sql within, Notice notice, String subject, String event, Instant at, @Nullable Long runId) {
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

  /** Notices whose messages need not be held back any longer, the oldest first. */
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
    List<HeldRow> rows = within.statement(HELD).with("notice_id", noticeId).list(HeldRow::of);
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

  private record HeldRow(
      Notice notice,
      OutboxEvent.Slug profile,
      @Nullable Long runId,
      int depth,
      HeldBack.Line line) {
    static HeldRow of(Row row) {
      Long run = row.numberOrNull("run_id");
      return new HeldRow(
          Notice.of(row),
          new OutboxEvent.Slug(row.text("username"), row.text("profile")),
          run,
          run == null ? -1 : row.integer("depth"),
          new HeldBack.Line(
              row.text("subject"),
              row.text("event"),
              row.number("number"),
              row.time("first_at"),
              row.time("last_at")));
    }
  }

  /** Forgets what was held back of a notice. */
  void release(Sql within, Notice notice) {
    within.statement(RELEASE).with("notice_id", notice.id()).update();
  }
}
