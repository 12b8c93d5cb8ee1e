package dev.errand.automation.delivery;

import dev.errand.automation.channel.ChannelMessage;
import dev.errand.automation.channel.Channels;
import dev.errand.automation.trigger.OwnWebhooks;
import dev.errand.base.database.Row;
import dev.errand.base.database.Sql;
import dev.errand.base.json.Json;
import dev.errand.runs.task.CallbackSwitch;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The queue of deliveries to callbacks and channels. Ends of runs and notices add to it; all times
 * are the database's.
 */
@ApplicationScoped
public class DeliveryQueue implements OwnWebhooks {
  // Claims only a few deliveries of each callback or channel, less its running attempts, so that a
  // slow receiver does not delay others. Deliveries that another process claims meanwhile are
  // locked, or not due any more. A message to a channel waits for older ones about the same
  // subject: those that are due, and those that are new and have not failed many times.
  static final String CLAIM =
      """
      WITH busy AS (
        SELECT coalesce(callback_id, channel_id) AS target, count(*) AS number FROM callback_delivery
        WHERE state = 'pending' AND lease_until > now() GROUP BY target),
      ranked AS (
        SELECT id, due_at, coalesce(busy.number, 0) + row_number() OVER (
          PARTITION BY coalesce(callback_id, channel_id) ORDER BY due_at, happened_at, id) AS place
        FROM callback_delivery AS due LEFT JOIN busy ON busy.target = coalesce(callback_id, channel_id)
        WHERE state = 'pending' AND due_at <= now() AND (lease_until IS NULL OR lease_until <= now())
          AND NOT EXISTS (
            SELECT FROM callback_delivery AS older
            WHERE older.state = 'pending' AND older.channel_id = due.channel_id
              AND older.subject = due.subject
              AND (older.happened_at, older.created_at, older.id)
                < (due.happened_at, due.created_at, due.id)
              AND (older.due_at <= now() OR (older.attempt - older.attempts_before < :most_in_order
                AND older.created_at > now() - interval '4 hours')))),
      next AS MATERIALIZED (
        SELECT d.id, d.callback_id, d.channel_id, d.run_id
        FROM callback_delivery d JOIN ranked ON ranked.id = d.id
        WHERE place <= :most_of_one AND d.state = 'pending' AND d.due_at <= now()
          AND (d.lease_until IS NULL OR d.lease_until <= now())
        ORDER BY place, ranked.due_at LIMIT :most
        FOR UPDATE OF d SKIP LOCKED)
      UPDATE callback_delivery d SET attempt = d.attempt + 1,
        lease_until = now() + interval '1 millisecond'
          * CASE WHEN next.channel_id IS NULL THEN :callback_ms ELSE :notice_ms END
      FROM next LEFT JOIN task_callback c ON c.id = next.callback_id
        LEFT JOIN task ON task.id = c.task_id LEFT JOIN profile ON profile.id = task.profile_id
        LEFT JOIN account ON account.id = profile.account_id
        LEFT JOIN channel ON channel.id = next.channel_id LEFT JOIN run ON run.id = next.run_id
      WHERE d.id = next.id
      RETURNING d.id, d.attempt, d.attempt - d.attempts_before AS tries, d.event, d.happened_at,
        d.run_id, d.callback_id, c.url, c.secrets_sealed, c.base_url, account.username,
        profile.name AS profile, task.name AS task, run.name AS run,
        d.installation, run.traceparent, d.included,
        d.channel_id, d.message, channel.disabled_at IS NOT NULL AS is_off,
        channel.address_digest
      """;

  private static final String ADD =
      """
      INSERT INTO callback_delivery (notice_id, channel_id, run_id, subject, event, happened_at,
        message)
      VALUES (:notice_id, :channel_id, :run_id, :subject, :event, :happened_at, :message)
      """;

  private static final String DEPTH =
      """
      SELECT coalesce(run.depth, 0) AS depth
      FROM callback_delivery LEFT JOIN run ON run.id = run_id
      WHERE callback_delivery.id = :id
      """;

  private static final String RECORD =
      """
      WITH held AS (
        UPDATE callback_delivery SET state = :state, lease_until = NULL,
          due_at = now() + :wait_ms * interval '1 millisecond',
          ended_at = CASE WHEN :state = 'pending' THEN NULL ELSE now() END
        WHERE id = :id AND attempt = :attempt AND state = 'pending' AND lease_until IS NOT NULL
        RETURNING id, attempt)
      INSERT INTO callback_attempt (delivery_id, number, status, error, took_ms)
      SELECT id, attempt, :status, :error, :took_ms FROM held
      """;

  // The oldest that failed, unless its receiver said when to come again; when it is accepted, it
  // brings another.
  private static final String BRING_FORWARD =
      """
      UPDATE callback_delivery SET due_at = now()
      WHERE id IN (
        SELECT id FROM callback_delivery
        WHERE channel_id = :channel_id AND state = 'pending' AND due_at > now()
          AND attempt > attempts_before AND (lease_until IS NULL OR lease_until <= now())
          AND NOT EXISTS (SELECT FROM callback_attempt AS asked_to_wait
            WHERE delivery_id = callback_delivery.id AND number = attempt AND status = 429)
        ORDER BY happened_at, created_at, id LIMIT 1 FOR UPDATE SKIP LOCKED)
      """;

  private static final String RELEASE =
      """
      UPDATE callback_delivery SET lease_until = NULL
      WHERE id = :id AND attempt = :attempt AND state = 'pending'
      """;

  private static final String CANCEL =
      """
      UPDATE callback_delivery SET state = 'cancelled', lease_until = NULL, ended_at = now()
      WHERE %s = :id AND state = 'pending'
      """;

  private static final String CANCEL_OF_CALLBACK = CANCEL.formatted("callback_id");

  private static final String CANCEL_OF_CHANNEL = CANCEL.formatted("channel_id");

  private static final String AGAIN =
      """
      UPDATE callback_delivery SET state = 'pending', ended_at = NULL, due_at = now(),
        attempts_before = attempt
      WHERE id = :id AND (lease_until IS NULL OR lease_until <= now())
      """;

  private static final String SHOWN_COLUMNS =
      """
      SELECT d.id, d.event, d.state, d.happened_at, d.due_at, run.name AS run, d.installation,
        d.message::json ->> 'title' AS title, d.message::json -> 'data' ->> 'task' AS task
      FROM callback_delivery d LEFT JOIN run ON run.id = d.run_id
      """;

  private static final String NEWEST_OF_CALLBACK =
      SHOWN_COLUMNS + " WHERE callback_id = :owner ORDER BY d.created_at DESC, d.id LIMIT :most";

  private static final String NEWEST_OF_NOTICE =
      SHOWN_COLUMNS + " WHERE notice_id = :owner ORDER BY d.created_at DESC, d.id LIMIT :most";

  private static final String ATTEMPTS =
      """
      SELECT a.* FROM callback_attempt a WHERE delivery_id = ANY (:ids) ORDER BY delivery_id, number
      """;

  private static final String FORGET =
      """
      DELETE FROM callback_delivery
      WHERE state <> 'pending' AND ended_at < now() - interval '7 days'
      """;

  private static final int MOST_OF_ONE = 4;
  // About four hours. One that a receiver never accepts must not hold others back for longer.
  private static final int MOST_IN_ORDER = 8;
  private static final int SHOWN = 100;

  private final Sql sql;
  private final Json json;
  private final CallbackSwitch callbacks;
  private final Channels channels;

  DeliveryQueue(Sql sql, Json json, CallbackSwitch callbacks, Channels channels) {
    this.sql = sql;
    this.json = json;
    this.callbacks = callbacks;
    this.channels = channels;
  }

  /**
   * Adds a delivery of a notice.
   *
   * @param within the transaction that decides on it
   * @param runId the run that it concerns; null for none
   * @param subject the name of the task or tool that it is about: messages to a channel about one
   *     are sent in the order in which what they tell happened; null where it is about several
   */
  public void add(
      Sql within,
      UUID noticeId,
      UUID channelId,
      @Nullable Long runId,
      @Nullable String subject,
      ChannelMessage message) {
    within
        .statement(ADD)
        .with("notice_id", noticeId)
        .with("channel_id", channelId)
        .with("run_id", runId)
        .with("subject", subject)
        .with("event", message.event())
        .with("happened_at", message.happenedAt())
        .with("message", json.write(message))
        .update();
  }

  /**
   * Claims due deliveries.
   *
   * @param ofCallbacks how long those to callbacks are claimed
   * @param ofNotices how long those to channels are
   */
  List<DueDelivery> claim(int most, Duration ofCallbacks, Duration ofNotices) {
    return sql.statement(CLAIM)
        .with("most_of_one", MOST_OF_ONE)
        .with("most_in_order", MOST_IN_ORDER)
        .with("most", most)
        .with("callback_ms", ofCallbacks.toMillis())
        .with("notice_ms", ofNotices.toMillis())
        .list(DeliveryQueue::due);
  }

  /**
   * Records the end of an attempt, once, unless another attempt has begun meanwhile.
   *
   * @param wait how long until the next one
   */
  void record(DueDelivery due, AttemptResult result, DeliveryView.State state, Duration wait) {
    sql.statement(RECORD)
        .with("state", state.code())
        .with("wait_ms", wait.toMillis())
        .with("id", due.deliveryId())
        .with("attempt", due.attempt())
        .with("status", result.status())
        .with("error", result.error())
        .with("took_ms", result.took().toMillis())
        .update();
  }

  /** Makes a message due that failed before, since its channel takes messages again. */
  void bringForward(UUID channelId) {
    sql.statement(BRING_FORWARD).with("channel_id", channelId).update();
  }

  /** Releases a claimed delivery for other processes. */
  void release(DueDelivery due) {
    sql.statement(RELEASE).with("id", due.deliveryId()).with("attempt", due.attempt()).update();
  }

  /** Disables a callback and cancels its pending deliveries. */
  @Transactional
  void disable(UUID callbackId) {
    callbacks.disable(callbackId);
    sql.statement(CANCEL_OF_CALLBACK).with("id", callbackId).update();
  }

  /**
   * Disables the channel of a delivery and cancels its pending deliveries, and returns whether it
   * did: not where the channel has another address by now.
   */
  @Transactional(Transactional.TxType.MANDATORY)
  boolean disableChannel(DueNotice due) {
    boolean isOff = channels.disable(due.channelId(), due.address());
    if (isOff) {
      sql.statement(CANCEL_OF_CHANNEL).with("id", due.channelId()).update();
    }
    return isOff;
  }

  /** Makes a delivery due again at once, unless an attempt is running. */
  public void again(UUID deliveryId) {
    sql.statement(AGAIN).with("id", deliveryId).update();
  }

  /** The newest deliveries to a callback, the newest first. */
  public List<DeliveryView> newestOfCallback(UUID callbackId) {
    return newest(NEWEST_OF_CALLBACK, callbackId);
  }

  /** The newest deliveries of a notice, the newest first. */
  public List<DeliveryView> newestOfNotice(UUID noticeId) {
    return newest(NEWEST_OF_NOTICE, noticeId);
  }

  private List<DeliveryView> newest(String statement, UUID owner) {
    List<DeliveryView> deliveries =
        sql.statement(statement)
            .with("owner", owner)
            .with("most", SHOWN)
            .list(DeliveryQueue::delivery);
    Map<UUID, List<DeliveryView.Made>> attempts = new HashMap<>();
    sql.statement(ATTEMPTS)
        .with("ids", "uuid", deliveries, DeliveryView::id)
        .each(
            row ->
                attempts
                    .computeIfAbsent(row.id("delivery_id"), id -> new ArrayList<>())
                    .add(row.as(DeliveryView.Made.class)));
    return deliveries.stream()
        .map(delivery -> delivery.withAttempts(attempts.getOrDefault(delivery.id(), List.of())))
        .toList();
  }

  // 0 where the delivery reports no run.
  @Override
  public OptionalInt depthOf(UUID deliveryId) {
    return sql.statement(DEPTH)
        .with("id", deliveryId)
        .first(row -> OptionalInt.of(row.integer("depth")))
        .orElse(OptionalInt.empty());
  }

  /** Removes deliveries that ended a week ago, and the callbacks of deleted tasks. */
  void forget() {
    sql.statement(FORGET).update();
    callbacks.forget();
  }

  private static DueDelivery due(Row row) {
    return row.idOrNull("callback_id") == null
        ? row.as(DueNotice.class)
        : row.as(DueCallback.class);
  }

  private static DeliveryView delivery(Row row) {
    String state = row.text("state");
    return new DeliveryView(
        row.id("id"),
        row.text("event"),
        row.textOrNull("run"),
        row.textOrNull("installation"),
        row.textOrNull("task"),
        row.textOrNull("title"),
        state,
        row.time("happened_at"),
        state.equals("pending") ? row.time("due_at") : null,
        List.of());
  }
}
