package dev.errand.automation.trigger.delivery;

final class DeliveryStatements {
  // It locks the trigger before its deliveries, as a deletion of the trigger does. SKIP LOCKED: a
  // row that another process is removing is skipped.
  static final String ADD =
      """
      WITH at AS MATERIALIZED (
        SELECT id FROM task_trigger WHERE id = :trigger_id FOR KEY SHARE),
      old AS (
        DELETE FROM trigger_delivery WHERE id IN (
          SELECT id FROM trigger_delivery WHERE trigger_id = (SELECT id FROM at) AND (verdict = 'refused') = :refused
          ORDER BY id DESC OFFSET :kept FOR UPDATE SKIP LOCKED))
      INSERT INTO trigger_delivery (trigger_id, sender, verdict, code, message, run_name, content_type,
        body_bytes, content_sealed, replay_of)
      SELECT id, :sender, :verdict, :code, :message, :run_name, :content_type, :body_bytes,
        :content_sealed, :replay_of
      FROM at
      """;

  static final String NEWEST =
      "SELECT * FROM trigger_delivery WHERE trigger_id = :trigger_id ORDER BY id DESC LIMIT 100";

  static final String ONE =
      "SELECT * FROM trigger_delivery WHERE trigger_id = :trigger_id AND id = :id";

  // A token bucket: each delivery takes its share of a minute, with bursts of up to a minute's
  // worth.
  static final String ADMIT =
      """
      UPDATE task_trigger SET used_until = greatest(used_until, now())
        + interval '1 minute' / rate_per_minute
      WHERE id = :id AND used_until <= now() + interval '1 minute'
        - interval '1 minute' / rate_per_minute
      """;

  static final String WAIT =
      """
      SELECT ceil(extract(epoch FROM used_until - now() - interval '1 minute'
        + interval '1 minute' / rate_per_minute))::int AS seconds
      FROM task_trigger WHERE id = :id
      """;

  private DeliveryStatements() {}
}
