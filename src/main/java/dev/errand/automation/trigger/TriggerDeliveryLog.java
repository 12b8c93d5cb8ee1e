package dev.errand.automation.trigger;

import dev.errand.automation.trigger.TriggerDelivery.Verdict;
import dev.errand.base.database.Sql;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Stores the last deliveries of each trigger, and enforces its rate limit. */
@ApplicationScoped
class TriggerDeliveryLog {
  // It locks the trigger before its deliveries, as a deletion of the trigger does. SKIP LOCKED: a
  // row that another process is removing is skipped.
  private static final String ADD =
      """
      WITH at AS MATERIALIZED (
        SELECT id FROM task_trigger WHERE id = :trigger_id FOR KEY SHARE),
      old AS (
        DELETE FROM trigger_delivery WHERE id IN (
          SELECT id FROM trigger_delivery WHERE trigger_id = (SELECT id FROM at)
            AND (verdict = 'refused') = :refused AND (verdict = 'filtered') = :filtered
          ORDER BY id DESC OFFSET :kept FOR UPDATE SKIP LOCKED))
      INSERT INTO trigger_delivery (trigger_id, sender, verdict, code, message, event, run_name,
        content_type, body_bytes, content_sealed, replay_of)
      SELECT id, :sender, :verdict, :code, :message, :event, :run_name, :content_type, :body_bytes,
        :content_sealed, :replay_of
      FROM at
      """;

  // Without the contents, which may be 35 MB.
  private static final String DELIVERIES =
      """
      SELECT id, received_at, sender, verdict, code, message, event, run_name, content_type,
        body_bytes, content_sealed IS NOT NULL AS is_stored, replay_of
      FROM trigger_delivery WHERE trigger_id = :trigger_id
      """;

  private static final String NEWEST = DELIVERIES + "ORDER BY id DESC LIMIT 150";

  private static final String ONE = DELIVERIES + "AND id = :id";

  private static final String CONTENT =
      """
      SELECT content_sealed FROM trigger_delivery
      WHERE trigger_id = :trigger_id AND id = :id AND content_sealed IS NOT NULL
      """;

  // A token bucket: each delivery takes its share of a minute, with bursts of up to a minute's
  // worth.
  private static final String ADMIT =
      """
      UPDATE task_trigger SET used_until = greatest(used_until, now())
        + interval '1 minute' / rate_per_minute
      WHERE id = :id AND used_until <= now() + interval '1 minute'
        - interval '1 minute' / rate_per_minute
      """;

  private static final String WAIT =
      """
      SELECT ceil(extract(epoch FROM used_until - now() - interval '1 minute'
        + interval '1 minute' / rate_per_minute))::int AS seconds
      FROM task_trigger WHERE id = :id
      """;

  /** How many deliveries of a trigger are kept, plus as many filtered and refused ones each. */
  static final int KEPT = 50;

  private final Sql sql;
  private final TriggerDeliverySeal seal;

  TriggerDeliveryLog(Sql sql, TriggerDeliverySeal seal) {
    this.sql = sql;
    this.seal = seal;
  }

  /**
   * Counts a delivery against the trigger's rate limit, over all processes.
   *
   * @return empty if the delivery is admitted; otherwise how long to wait before the next try
   * @throws ApiException {@link ErrorCode#TRIGGER_GONE} when the trigger was deleted meanwhile
   */
  Optional<Duration> admit(UUID triggerId) {
    return sql.onOneConnection(
        one -> {
          if (one.statement(ADMIT).with("id", triggerId).update() == 1) {
            return Optional.empty();
          }
          int seconds =
              one.statement(WAIT)
                  .with("id", triggerId)
                  .first(row -> row.integer("seconds"))
                  .orElseThrow(TriggerStore::gone);
          return Optional.of(Duration.ofSeconds(Math.max(1, seconds)));
        });
  }

  /**
   * Adds a delivery, with id and time from the database, and removes the oldest.
   *
   * @param incoming the request, which is sealed and kept if the delivery can be replayed
   */
  void add(TriggerSnapshot trigger, HookRequest incoming, TriggerDelivery delivery) {
    sql.statement(ADD)
        .with("trigger_id", trigger.id())
        .with("refused", delivery.verdict() == Verdict.REFUSED)
        .with("filtered", delivery.verdict() == Verdict.FILTERED)
        .with("kept", KEPT - 1)
        .with(delivery)
        .with(
            "content_sealed",
            isReplayable(delivery.verdict()) ? seal.seal(trigger, incoming) : null)
        .update();
  }

  private static boolean isReplayable(Verdict verdict) {
    return switch (verdict) {
      case STARTED, KNOWN, FILTERED, FAILED -> true;
      case CHALLENGED, REFUSED -> false;
    };
  }

  List<TriggerDelivery> newest(UUID triggerId) {
    return sql.statement(NEWEST).with("trigger_id", triggerId).list(TriggerDelivery.class);
  }

  Optional<TriggerDelivery> find(UUID triggerId, long id) {
    return sql.statement(ONE)
        .with("trigger_id", triggerId)
        .with("id", id)
        .first(TriggerDelivery.class);
  }

  /** The sealed content of a delivery; empty if it is not stored, or the delivery was removed. */
  Optional<byte[]> content(UUID triggerId, long id) {
    return sql.statement(CONTENT)
        .with("trigger_id", triggerId)
        .with("id", id)
        .first(row -> row.bytes("content_sealed"));
  }
}
