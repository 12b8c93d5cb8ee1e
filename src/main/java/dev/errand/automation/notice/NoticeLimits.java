package dev.errand.automation.notice;

import dev.errand.base.database.Row;
import dev.errand.base.database.Sql;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Collectors;
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

  private static final String HELD =
      "SELECT "
          + Notice.COLUMNS
          + """
          , account.username, profile.name AS profile, held.subject, held.event, held.number,
          held.first_at, held.last_at, held.run_id, run.depth
          FROM\s"""
          + Notice.WITH_CHANNEL
          + """
          JOIN notice_held held ON held.notice_id = notice.id JOIN profile ON profile.id = notice.profile_id
          JOIN account ON account.id = profile.account_id LEFT JOIN run ON run.id = held.run_id
          ORDER BY held.first_at, held.subject, held.event
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

  /** What is held back, by notice, the oldest first. */
  List<HeldBack> heldBack(Sql within) {
    return within.statement(HELD).list(HeldRow::of).stream()
        .collect(
            Collectors.groupingBy(
                row -> row.notice().id(), LinkedHashMap::new, Collectors.toList()))
        .values()
        .stream()
        .map(NoticeLimits::heldBack)
        .toList();
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
