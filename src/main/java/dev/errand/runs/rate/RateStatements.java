package dev.errand.runs.rate;

/** The SQL of {@link RateLine}. Who changes several rates locks those of the keys before. */
final class RateStatements {
  static final String OPEN =
      """
      INSERT INTO model_rate (id)
      SELECT :open_id::bytea WHERE NOT EXISTS (SELECT FROM model_rate WHERE id = :open_id::bytea)
      ON CONFLICT DO NOTHING
      """;

  static final String LOCK = "SELECT FROM model_rate WHERE id = :lock_id::bytea FOR NO KEY UPDATE";

  // Where another process has it, that does the work.
  static final String LOCK_FREE =
      "SELECT FROM model_rate WHERE id = :id::bytea FOR NO KEY UPDATE SKIP LOCKED";

  // What the server has said holds, or after a pause of which nothing is known a pace that doubles
  // each second.
  private static final String INTERVALS =
      """
      CASE WHEN learned_until > now THEN nullif(requests_interval, 0)
        WHEN paused_until > now - interval '10 seconds'
          THEN 1 / power(2, greatest(0, extract(epoch FROM now - paused_until)))::double precision
        END AS requests_interval,
      CASE WHEN learned_until > now THEN nullif(tokens_interval, 0) END AS tokens_interval
      """;

  // The tokens of a rate that are in use: with time they are given back.
  private static String owed(String rate, String perSecond) {
    return "greatest(0, coalesce(%1$s.tokens_owed - extract(epoch FROM now - %1$s.tokens_at) * %2$s, 0))"
        .formatted(rate, perSecond);
  }

  private static final String OWED_OF_KEY =
      owed("of_key", "per_minute.tokens / 60.0::double precision");

  private static final String OWED_OF_MODEL = owed("of_model", "(1 / of_model.tokens_interval)");

  // Requests are evenly spaced, with a second of each minute left over for those that take longer
  // on their way than the ones after them. Tokens may be used at once up to those of a minute, as
  // vendors count them, and a request that is larger than that goes where none are in use. A
  // request goes alone where nobody waits whom it would pass by.
  static final String TAKE =
      """
      WITH clock AS MATERIALIZED (SELECT clock_timestamp() AS now),
      asked AS (
        SELECT :run::bigint AS run, :key::bytea AS key, :model::bytea AS model, :tokens::bigint AS tokens),
      per_minute AS MATERIALIZED (
        SELECT max(requests_per_minute) AS requests, max(tokens_per_minute) AS tokens,
          max(provider.concurrency) AS at_once,
          61.0::double precision / max(requests_per_minute) * interval '1 second' AS spacing
        FROM provider WHERE id = :provider::uuid),
      of_model AS MATERIALIZED (
        SELECT paused_until, requests_at, tokens_owed, tokens_at, %1$s
        FROM clock LEFT JOIN model_rate ON id = :model::bytea),
      line AS MATERIALIZED (
        SELECT coalesce(bool_or(run_id = run AND called_at IS NOT NULL), false) AS is_called,
          count(*) FILTER (WHERE run_id <> run AND called_at IS NOT NULL) AS others_called,
          count(*) FILTER (WHERE run_id <> run AND called_at IS NULL) AS before,
          coalesce(bool_or(run_id <> run AND called_at IS NULL AND (model_id = asked.model
            OR (num_nonnulls(per_minute.requests, per_minute.tokens, at_once) > 0
              AND coalesce(other.paused_until <= now, true)))), false) AS passes
        FROM asked CROSS JOIN clock CROSS JOIN per_minute JOIN rate_wait ON rate_id = asked.key
        LEFT JOIN model_rate AS other ON other.id = model_id),
      used AS (
        SELECT %2$s AS of_key, %3$s AS of_model, of_key.requests_at + spacing AS next_at,
          (SELECT count(*) FROM rate_hold WHERE rate_id = asked.key AND run_id <> run)
            + others_called AS calls
        FROM clock CROSS JOIN asked CROSS JOIN per_minute CROSS JOIN of_model CROSS JOIN line
        LEFT JOIN model_rate AS of_key ON of_key.id = asked.key),
      state AS (
        SELECT now, calls, greatest(now, next_at,
            now + greatest(0, least(used.of_key, used.of_key + asked.tokens - per_minute.tokens))
              * 60 / per_minute.tokens * interval '1 second',
            of_model.paused_until,
            of_model.requests_at + of_model.requests_interval * interval '1 second',
            now + used.of_model * of_model.tokens_interval * interval '1 second') AS at
        FROM clock, asked, per_minute, of_model, used),
      decided AS MATERIALIZED (
        SELECT at, now, at <= now + CASE WHEN is_called THEN interval '3 seconds'
            ELSE interval '1 second' END
          AND (at_once IS NULL OR calls < at_once) AND (is_called OR NOT passes) AS goes
        FROM state, line, per_minute),
      key_paid AS (
        UPDATE model_rate SET
          requests_at = CASE WHEN per_minute.requests IS NULL THEN requests_at ELSE at END,
          tokens_owed = CASE WHEN per_minute.tokens IS NULL THEN tokens_owed
            ELSE used.of_key + asked.tokens END,
          tokens_at = CASE WHEN per_minute.tokens IS NULL THEN tokens_at ELSE now END
        FROM decided, per_minute, used, asked
        WHERE id = :key::bytea AND goes
          AND (per_minute.requests IS NOT NULL OR per_minute.tokens IS NOT NULL)),
      model_paid AS (
        UPDATE model_rate SET requests_at = at,
          tokens_owed = CASE WHEN of_model.tokens_interval IS NULL THEN model_rate.tokens_owed
            ELSE used.of_model + asked.tokens END,
          tokens_at = CASE WHEN of_model.tokens_interval IS NULL THEN model_rate.tokens_at
            ELSE now END
        FROM decided, of_model, used, asked
        WHERE id = :model::bytea AND goes
          AND (of_model.requests_interval IS NOT NULL OR of_model.tokens_interval IS NOT NULL)),
      held AS (
        INSERT INTO rate_hold (run_id, attempt, call, rate_id, model_id, tokens)
        SELECT run, :attempt::integer, :call::bigint, key, model, asked.tokens
        FROM decided, asked, per_minute, of_model
        WHERE goes AND num_nonnulls(at_once, per_minute.tokens, of_model.tokens_interval) > 0
        ON CONFLICT (run_id) DO UPDATE SET attempt = EXCLUDED.attempt, call = EXCLUDED.call,
          rate_id = EXCLUDED.rate_id, model_id = EXCLUDED.model_id, tokens = EXCLUDED.tokens, held_at = now()
        RETURNING run_id),
      gone AS (DELETE FROM rate_wait USING decided WHERE run_id = :run AND goes),
      joined AS (
        INSERT INTO rate_wait (run_id, rate_id, model_id, provider_id, owner_id, profile_id, tokens)
        SELECT run, key, model, :provider::uuid, :owner::uuid, :profile::uuid, tokens
        FROM decided, asked WHERE NOT goes
        ON CONFLICT (run_id) DO UPDATE SET rate_id = EXCLUDED.rate_id, model_id = EXCLUDED.model_id,
          provider_id = EXCLUDED.provider_id, tokens = EXCLUDED.tokens, asked_at = now(),
          called_at = NULL)
      SELECT goes, greatest(0, extract(epoch FROM at - now) * 1000)::bigint AS in_ms,
        EXISTS (SELECT FROM held) AS holds, before > 0 AS others_wait,
        greatest(at + before * greatest(spacing, interval '0',
            60.0::double precision * asked.tokens / per_minute.tokens * interval '1 second',
            of_model.requests_interval * interval '1 second'),
          CASE WHEN spacing IS NULL AND at <= now + interval '1 second'
            THEN now + interval '10 minutes' END) AS until
      FROM decided, line, per_minute, asked, of_model
      """
          .formatted(INTERVALS, OWED_OF_KEY, OWED_OF_MODEL);

  static final String LOCK_ENDED =
      """
      SELECT id FROM model_rate
      WHERE id IN (SELECT rate_id FROM rate_hold WHERE run_id = ANY (:lock_runs::bigint[]))
      ORDER BY id FOR NO KEY UPDATE
      """;

  // What was charged and not used is given back.
  static final String END =
      """
      WITH ended AS MATERIALIZED (
        DELETE FROM rate_hold
        USING unnest(:runs::bigint[], :calls::bigint[], :used::bigint[]) AS told (run_id, call, used)
        WHERE rate_hold.run_id = told.run_id AND rate_hold.call = told.call
        RETURNING rate_hold.*, told.used),
      freed AS (
        SELECT id, sum(tokens - used) AS tokens
        FROM ended CROSS JOIN LATERAL (VALUES (rate_id), (model_id)) AS charged (id)
        WHERE used IS NOT NULL AND tokens > 0 GROUP BY id),
      corrected AS (
        UPDATE model_rate SET tokens_owed = greatest(0, tokens_owed - tokens)
        FROM freed WHERE model_rate.id = freed.id)
      SELECT DISTINCT rate_id FROM ended
      JOIN rate_wait USING (rate_id) WHERE called_at IS NULL
      """;

  // Of those that did not use their turn, and of runs that have ended or gone on without it.
  static final String CLEAN =
      """
      DELETE FROM rate_wait
      WHERE rate_id = :clean_id::bytea AND (called_at < now() - interval '30 seconds'
        OR NOT EXISTS (
          SELECT FROM run WHERE run.id = run_id AND run.finished_at IS NULL
            AND (called_at IS NOT NULL OR asked_at > now() - interval '10 seconds'
              OR (run.waits_rate AND run.lease_until IS NULL))))
      """;

  static final String SWEEP =
      """
      DELETE FROM rate_hold
      WHERE rate_id = :sweep_id::bytea AND held_at < now() - interval '10 seconds' AND NOT EXISTS (
        SELECT FROM run WHERE run.id = run_id AND run.attempt = rate_hold.attempt
          AND run.lease_until IS NOT NULL)
      """;

  // Start-time fair queuing of users, and of profiles within each, where each request counts as
  // one. A member's stored tag, or the present one where that is later, is the tag of its next
  // request. Those are called that fit within two seconds, as a run needs some time to get to its
  // request. A run that is not released yet is called later.
  static final String CALL =
      """
      WITH clock AS MATERIALIZED (
        SELECT clock_timestamp() AS now, clock_timestamp() + interval '2 seconds' AS soon),
      of_key AS MATERIALIZED (
        SELECT id, turn, coalesce(requests_at, '-infinity') AS requests_at, tokens_owed, tokens_at,
          (SELECT count(*) FROM rate_hold WHERE rate_id = id) AS holds
        FROM model_rate, clock WHERE id = :id::bytea),
      called AS MATERIALIZED (
        SELECT model_id, count(*) AS runs, sum(tokens) AS tokens
        FROM rate_wait WHERE rate_id = :id::bytea AND called_at IS NOT NULL GROUP BY model_id),
      all_called AS MATERIALIZED (
        SELECT coalesce(sum(runs), 0)::bigint AS runs, coalesce(sum(tokens), 0)::bigint AS tokens
        FROM called),
      of_model AS MATERIALIZED (
        SELECT model_id, paused_until, coalesce(requests_at, '-infinity') AS requests_at, tokens_owed,
          tokens_at, coalesce(called.runs, 0) AS runs, coalesce(called.tokens, 0) AS tokens, %1$s
        FROM (SELECT DISTINCT model_id FROM rate_wait WHERE rate_id = :id::bytea) AS waiting
        CROSS JOIN clock LEFT JOIN model_rate ON id = model_id LEFT JOIN called USING (model_id)),
      waiting AS (
        SELECT wait.run_id, run.task_id, wait.owner_id, wait.profile_id, wait.model_id, wait.tokens,
          wait.since, requests_per_minute, tokens_per_minute, provider.concurrency,
          61.0::double precision / requests_per_minute * interval '1 second' AS spacing,
          greatest(coalesce(of_user.tag, 0), of_key.turn) AS first_of_user,
          greatest(coalesce(of_profile.tag, 0), coalesce(of_user.inside, 0))
            + row_number() OVER (PARTITION BY wait.owner_id, wait.profile_id
                ORDER BY wait.since, wait.run_id) - 1 AS inside
        FROM rate_wait AS wait
        JOIN run ON run.id = wait.run_id AND run.waits_rate AND run.lease_until IS NULL
          AND run.finished_at IS NULL
        JOIN of_model ON of_model.model_id = wait.model_id
        CROSS JOIN of_key CROSS JOIN clock
        LEFT JOIN provider ON provider.id = wait.provider_id
        LEFT JOIN rate_turn AS of_user
          ON of_user.rate_id = of_key.id AND of_user.member = wait.owner_id
        LEFT JOIN rate_turn AS of_profile
          ON of_profile.rate_id = of_key.id AND of_profile.member = wait.profile_id
        WHERE wait.rate_id = :id::bytea AND wait.called_at IS NULL
          AND coalesce(of_model.paused_until <= now, true)),
      tagged AS (
        SELECT waiting.*, first_of_user + row_number() OVER (PARTITION BY owner_id
            ORDER BY inside, since, run_id) - 1 AS tag
        FROM waiting),
      of_each_model AS (
        SELECT tagged.*,
          row_number() OVER of_one AS number_of_model, sum(tokens) OVER of_one AS tokens_of_model
        FROM tagged WINDOW of_one AS (PARTITION BY model_id ORDER BY tag, since, run_id)),
      numbered AS (
        SELECT each.*, row_number() OVER of_all AS number, sum(each.tokens) OVER of_all AS before
        FROM of_each_model AS each JOIN of_model USING (model_id) CROSS JOIN clock
        WHERE (requests_interval IS NULL OR greatest(now, requests_at
              + requests_interval * interval '1 second')
            + (runs + number_of_model - 1) * requests_interval * interval '1 second' <= soon)
          AND (tokens_interval IS NULL OR now
            + (%2$s + of_model.tokens + tokens_of_model - each.tokens)
              * tokens_interval * interval '1 second' <= soon)
        WINDOW of_all AS (ORDER BY tag, since, run_id)),
      chosen AS MATERIALIZED (
        SELECT numbered.* FROM numbered, of_key, all_called, clock
        WHERE (requests_per_minute IS NULL OR greatest(now, requests_at + spacing)
            + (all_called.runs + number - 1) * spacing <= soon)
          AND (numbered.concurrency IS NULL OR holds + all_called.runs + number <= numbered.concurrency)
          AND (tokens_per_minute IS NULL OR now
            + (%3$s + all_called.tokens + before
                - greatest(numbered.tokens, tokens_per_minute))
              * 60.0 / tokens_per_minute * interval '1 second' <= soon)
        ORDER BY number LIMIT :most),
      turned AS (
        UPDATE model_rate SET turn = greatest(model_rate.turn, (SELECT max(tag) FROM chosen))
        WHERE id = :id::bytea AND EXISTS (SELECT FROM chosen)),
      kept AS (
        INSERT INTO rate_turn (rate_id, member, tag, inside)
        SELECT :id::bytea, owner_id, max(tag) + 1, max(inside) FROM chosen GROUP BY owner_id
        UNION ALL
        SELECT :id::bytea, profile_id, max(inside) + 1, 0 FROM chosen GROUP BY profile_id
        ON CONFLICT (rate_id, member) DO UPDATE SET tag = EXCLUDED.tag, inside = EXCLUDED.inside),
      still_active AS (
        UPDATE model_rate SET active_until = now + interval '20 seconds'
        FROM of_model, clock
        WHERE id = of_model.model_id AND active_until < now + interval '10 seconds'),
      told AS (
        UPDATE rate_wait SET called_at = now FROM chosen, clock
        WHERE rate_wait.run_id = chosen.run_id),
      woken AS (
        UPDATE run SET available_at = now()
        WHERE id = ANY (ARRAY(
          SELECT id FROM run WHERE id = ANY (ARRAY(SELECT run_id FROM chosen))
            AND waits_rate AND lease_until IS NULL AND finished_at IS NULL
          ORDER BY id FOR NO KEY UPDATE)))
      SELECT DISTINCT task_id FROM chosen
      """
          .formatted(
              INTERVALS,
              OWED_OF_MODEL,
              owed("of_key", "tokens_per_minute / 60.0::double precision"));

  // A request that was sent before a pause, and refused in it, is not the next refusal.
  static final String REFUSED =
      """
      INSERT INTO model_rate AS rate (id, paused_until, refusals, refused_at, requests_interval,
        tokens_interval, learned_until, active_until)
      VALUES (:id, now() + coalesce(:asked_ms::bigint, 1000) * interval '1 millisecond', 1, now(),
        :per_request, :per_token, now() + :learned_ms::bigint * interval '1 millisecond',
        now() + greatest(coalesce(:asked_ms::bigint, 1000), coalesce(:learned_ms::bigint, 0))
          * interval '1 millisecond' + interval '20 seconds')
      ON CONFLICT (id) DO UPDATE SET
        refusals = CASE WHEN rate.paused_until > now() THEN rate.refusals
          WHEN rate.refused_at > now() - interval '2 minutes' - (rate.paused_until - rate.refused_at)
            THEN least(rate.refusals + 1, 20)
          ELSE 1 END,
        refused_at = now(),
        paused_until = greatest(rate.paused_until, now() + CASE
          WHEN :asked_ms::bigint IS NOT NULL THEN :asked_ms::bigint
          WHEN rate.paused_until > now() THEN 0
          WHEN rate.refused_at > now() - interval '2 minutes' - (rate.paused_until - rate.refused_at)
            THEN least(600000, 1000 * power(2, rate.refusals))
          ELSE 1000 END * interval '1 millisecond'),
        requests_interval = coalesce(EXCLUDED.requests_interval, rate.requests_interval),
        tokens_interval = coalesce(EXCLUDED.tokens_interval, rate.tokens_interval),
        learned_until = greatest(rate.learned_until, EXCLUDED.learned_until)
      """;

  // It follows, as it reads what the one before has written.
  static final String ACTIVE =
      """
      UPDATE model_rate
      SET active_until = greatest(paused_until, learned_until) + interval '20 seconds'
      WHERE id = :active_id::bytea
      RETURNING (extract(epoch FROM active_until - now()) * 1000)::bigint AS left_ms,
        coalesce(learned_until > now(), false) AND tokens_interval IS NOT NULL AS counts_tokens
      """;

  static final String LEARNED =
      """
      INSERT INTO model_rate (id, requests_interval, tokens_interval, learned_until)
      VALUES (:id, :per_request, :per_token, now() + :learned_ms::bigint * interval '1 millisecond')
      ON CONFLICT (id) DO UPDATE SET requests_interval = EXCLUDED.requests_interval,
        tokens_interval = EXCLUDED.tokens_interval, learned_until = EXCLUDED.learned_until
      """;

  static final String KNOWN =
      """
      SELECT id, (extract(epoch FROM active_until - now()) * 1000)::bigint AS left_ms,
        coalesce(learned_until > now(), false) AND tokens_interval IS NOT NULL AS counts_tokens
      FROM model_rate WHERE active_until > now()
      ORDER BY active_until DESC LIMIT :most
      """;

  static final String LINES =
      """
      SELECT rate_id AS id FROM rate_wait UNION SELECT rate_id FROM rate_hold
      WHERE held_at < now() - interval '10 seconds'
      """;

  static final String WAITING = "SELECT count(*) AS runs FROM rate_wait";

  // What is unused begins anew.
  static final String FORGET =
      """
      DELETE FROM model_rate
      WHERE coalesce(greatest(requests_at, tokens_at, active_until), '-infinity')
          < now() - interval '1 hour'
        AND NOT EXISTS (SELECT FROM rate_wait WHERE rate_id = id)
        AND NOT EXISTS (SELECT FROM rate_hold WHERE rate_id = id)
      """;

  private RateStatements() {}
}
