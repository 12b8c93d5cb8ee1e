package dev.errand.packaged;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Fills the tables of a profile that {@link dev.errand.adapters.console.EveryPage#fill} has made,
 * and those of a user, with the largest rows that the limits allow: written by the statements of
 * the database, since the service would take hours.
 */
final class LargestRows {
  /** How much more than the short form: {@code -Dlargest.times=4}. */
  private static final int TIMES = Integer.getInteger("largest.times", 1);

  /** The most characters that a model may answer with, {@code errand.model.max-answer}. */
  private static final int ANSWER = 8_000_000;

  /** How many turns the long run has. */
  static final int TURNS = 60 * TIMES;

  private static final int PARAMETERS = 250_000;
  private static final int DEPTH = 900;
  private static final int TEXT = 262_000;
  private static final int TOOL_OUTPUT = 100_000;
  private static final int TOOLS = 250_000;
  private static final int APPROVAL_ARGUMENTS = 7_000_000;

  private final Connection connection;
  private final String reader;

  /**
   * Rows of the profile {@code admin/shown}, and of a user.
   *
   * @param connection as the superuser of the database
   * @param reader the name of that user
   */
  LargestRows(Connection connection, String reader) {
    this.connection = connection;
    this.reader = reader;
  }

  /** Writes them all. */
  void write() throws SQLException {
    // Without the triggers and the checks of foreign keys, which are for single rows.
    run("SET session_replication_role = replica");
    run(
        """
        CREATE FUNCTION pg_temp.text_of(characters integer) RETURNS text LANGUAGE sql AS $$
          SELECT left(repeat(E'A line of a long answer – with a "quotation" in it.\\n', characters / 50 + 1), characters)
        $$\
        """);
    run(
        """
        CREATE FUNCTION pg_temp.json_of(characters integer) RETURNS text LANGUAGE sql AS $$
          SELECT to_json(pg_temp.text_of(characters - characters / 16))::text
        $$\
        """);
    run("CREATE TEMP TABLE large (answer text, parameters text, long_text text)");
    run(
        "INSERT INTO large SELECT pg_temp.text_of(%d), json_build_object('url', pg_temp.text_of(%d))::text, pg_temp.text_of(%d)"
            .formatted(ANSWER, PARAMETERS - PARAMETERS / 16, TEXT));
    // A text that shows each value indented is a thousand times as long.
    run(
        "CREATE TEMP TABLE nested AS SELECT repeat('[', %1$d) || '0' || repeat(',0', %2$d) || repeat(']', %1$d) AS nested"
            .formatted(DEPTH, PARAMETERS / 2 - DEPTH));
    run(
        """
        CREATE TEMP TABLE here AS SELECT profile.id AS profile_id, task.id AS task_id, run.id AS run_id
        FROM profile JOIN account ON account.id = profile.account_id JOIN task ON task.profile_id = profile.id
        JOIN run ON run.task_id = task.id
        WHERE username = 'admin' AND profile.name = 'shown' AND task.name = 'task-0' AND run.name = 'one'
        """);
    tasks();
    runs();
    entries();
    approvals();
    automation();
    deliveries();
    tools();
    users();
    usage();
    run("SET session_replication_role = origin");
    run("ANALYZE");
  }

  private void tasks() throws SQLException {
    // Of the profile, and of the user who reads.
    run(
        """
        INSERT INTO task (id, profile_id, name, runner, runner_settings, settings, enabled)
        SELECT gen_random_uuid(), profile.id, 'large-' || i, task.runner,
          (task.runner_settings::jsonb || jsonb_build_object('prompt', long_text, 'system', long_text))::text,
          (task.settings::jsonb || jsonb_build_object('output_schema', jsonb_build_object('type', 'object',
            'description', left(long_text, 60000))))::text, true
        FROM large, here JOIN task ON task.id = here.task_id, generate_series(1, %d) AS i,
          profile JOIN account ON account.id = account_id
        WHERE (username = 'admin' AND profile.name = 'shown') OR (username = '%s' AND profile.name = 'default')
        """
            .formatted(150 * TIMES, reader));
  }

  private void runs() throws SQLException {
    String columns =
        "task_id, profile_id, name, status, parameters, assignment, servlets, trigger, attempt,"
            + " depth, usage, entry_count, output, started_at, finished_at";
    run(
        """
        INSERT INTO run (%s)
        SELECT run.task_id, run.profile_id, 'large-' || i, 'ready', large.parameters, assignment, servlets,
          trigger, 1, 0, usage, 0, answer, run.started_at, now()
        FROM here JOIN run ON run.id = run_id, large, generate_series(1, %d) AS i
        """
            .formatted(columns, 50 * TIMES));
    run(
        """
        UPDATE run SET output = large.answer,
          parameters = CASE run.name WHEN 'two' THEN format('{"deep":%s}', nested) ELSE large.parameters END,
          assignment = jsonb_set(jsonb_set(assignment::jsonb, '{model,prompt}', to_jsonb(long_text)),
            '{model,system}', to_jsonb(long_text))::text
        FROM large, here, nested WHERE run.task_id = here.task_id AND run.name IN ('one', 'two')
        """);
  }

  /** A run with hundreds of long entries, and some as large as one can be. */
  private void entries() throws SQLException {
    run(
        """
        CREATE TEMP TABLE said AS SELECT entry::json ->> 'tools' AS tools, entry::json ->> 'time' AS time
        FROM run_entry, here WHERE run_entry.run_id = here.run_id AND entry::json ->> 'tools' IS NOT NULL
        ORDER BY seq LIMIT 1
        """);
    String answer =
        """
        format('{"msg":"message","time":%%s,"level":30,"exchange":{"role":"assistant","content":%%s,"tool_calls":[{"id":"c%%s","type":"function","function":{"name":"calc_calculate","arguments":%%s}}]},"ms":5,"tools":%%s,"usage":{"prompt_tokens":1,"completion_tokens":1,"total_tokens":2},"original":{"runner":"openai","sent":{"role":"assistant","content":%%s,"tool_calls":[{"id":"c%%s","type":"function","function":{"name":"calc_calculate","arguments":%%s}}]}}}',
          time, %1$s, i, %2$s, to_json(tools), %1$s, i, %2$s)\
        """
            .formatted("text", "to_json('{\"expression\":' || text || '}')");
    run("DELETE FROM run_entry USING here WHERE run_entry.run_id = here.run_id AND seq > 0");
    run(
        "CREATE TEMP TABLE turn AS SELECT i, CASE WHEN i = 20 THEN pg_temp.json_of(%d) ELSE pg_temp.json_of(%d) END AS text FROM generate_series(0, %d) AS i"
            .formatted(ANSWER / 3, TOOL_OUTPUT / 3, TURNS - 1));
    run("INSERT INTO run_entry SELECT run_id, 1 + i * 3, " + answer + " FROM here, said, turn");
    run(
        """
        INSERT INTO run_entry SELECT run_id, 2 + i * 3, format(
          '{"msg":"call tool request","time":%s,"level":30,"params":{"name":"calc_calculate","arguments":{"expression":%s}},"tool_call_id":"c%s"}',
          time, text, i)
        FROM here, said, turn
        """);
    run(
        """
        INSERT INTO run_entry SELECT run_id, 3 + i * 3, format(
          '{"msg":"call tool result","time":%%s,"level":30,"exchange":{"role":"tool","tool_call_id":"c%%s","content":%%s},"tool":"calc_calculate","is_error":%%s,"ms":3}',
          time, i, pg_temp.json_of(%d), to_json(i %% 2 = 0))
        FROM here, said, turn
        """
            .formatted(TOOL_OUTPUT));
    run(
        """
        INSERT INTO run_entry SELECT run_id, 1 + 3 * (SELECT count(*) FROM turn), format(
          '{"msg":"final message","time":%s,"level":30,"lastMessage":{"role":"assistant","content":%s},"ms":5,"tools":%s,"usage":{"prompt_tokens":1,"completion_tokens":1,"total_tokens":2},"original":{"runner":"openai","sent":{"role":"assistant","content":%s}}}',
          time, to_json(answer), to_json(tools), to_json(answer))
        FROM here, said, large
        """);
    run(
        "UPDATE run SET entry_count = (SELECT count(*) FROM run_entry WHERE run_id = run.id) FROM"
            + " here WHERE run.id = here.run_id");
    // The other one that it is compared with has the same.
    run(
        """
        INSERT INTO run_entry SELECT other.id, seq, replace(entry, 'A line', 'A word') FROM here
        JOIN run AS other ON other.task_id = here.task_id AND other.name = 'two'
        JOIN run_entry ON run_entry.run_id = here.run_id ON CONFLICT (run_id, seq) DO UPDATE SET entry = EXCLUDED.entry
        """);
    run(
        "UPDATE run SET entry_count = (SELECT count(*) FROM run_entry WHERE run_id = run.id) FROM"
            + " here WHERE run.task_id = here.task_id AND run.name = 'two'");
  }

  private void approvals() throws SQLException {
    String arguments =
        "json_build_object('expression', pg_temp.text_of(%d))::text"
            .formatted(APPROVAL_ARGUMENTS - APPROVAL_ARGUMENTS / 16);
    run("UPDATE approval SET arguments = " + arguments);
    run(
        """
        INSERT INTO approval (id, run_id, profile_id, installation_id, own_tool, server, rule, step, call_id, tool,
          arguments, definitions, may_have_run, requested_at, expires_at, expiry)
        SELECT gen_random_uuid(), run_id, profile_id, installation_id, own_tool, server, rule, step, call_id || i,
          tool, arguments, definitions, may_have_run, requested_at, expires_at, expiry
        FROM approval, generate_series(1, %d) AS i
        """
            .formatted(44 * TIMES));
  }

  private void automation() throws SQLException {
    run(
        """
        INSERT INTO schedule (id, task_id, name, cron, timezone, parameters, enabled, missed, jitter_seconds,
          next_time, created_at, modified_at)
        SELECT gen_random_uuid(), schedule.task_id, 'large-' || i, cron, timezone, large.parameters, false, missed, 0,
          next_time, schedule.created_at, schedule.modified_at
        FROM schedule JOIN here USING (task_id), large, generate_series(1, %d) AS i WHERE name = 'daily'
        """
            .formatted(300 * TIMES));
    run(
        "UPDATE schedule SET parameters = large.parameters FROM large, here WHERE schedule.task_id"
            + " = here.task_id AND name = 'daily'");
    run(
        """
        INSERT INTO schedule_fire (schedule_id, number, scheduled_for, decided_at, verdict, detail, run_name)
        SELECT id, i, now() - i * interval '1 day', now() - i * interval '1 day', 'skipped_pause', repeat('d', 500), 'one'
        FROM schedule JOIN here USING (task_id), generate_series(1, 1000) AS i WHERE name = 'daily' ON CONFLICT DO NOTHING
        """);
    run(
        """
        INSERT INTO task_trigger (id, task_id, name, scheme, secrets_sealed, secret_hints, tolerance_seconds,
          rate_per_minute, max_body_bytes, condition, headers)
        SELECT gen_random_uuid(), task_trigger.task_id, 'large-' || i, scheme, secrets_sealed, secret_hints, tolerance_seconds,
          rate_per_minute, max_body_bytes, repeat('true && ', 490) || 'true', ARRAY(SELECT repeat('h', 60) || j FROM generate_series(1, 20) AS j)
        FROM task_trigger JOIN here USING (task_id), generate_series(1, 99) AS i WHERE name = 'issues'
        """);
    run(
        """
        INSERT INTO notice (id, profile_id, name, events, channel, tasks, errors_in_a_row, at_most_per_hour, include, enabled)
        SELECT gen_random_uuid(), notice.profile_id, 'large-' || i, events, channel,
          ARRAY(SELECT 'large-' || j || repeat('x', 120) FROM generate_series(1, 1000) AS j), 3, 10, include, false
        FROM notice JOIN here USING (profile_id), generate_series(1, 49) AS i WHERE name = 'told'
        """);
    run(
        """
        INSERT INTO budget (id, account_id, profile_id, name, period, usd, tokens, task, on_exhausted, created_at, modified_at)
        SELECT gen_random_uuid(), account_id, profile_id, 'large-' || i, 'month', NULL, 1000000000000000,
          CASE WHEN profile_id IS NOT NULL THEN repeat('t', 128) END, 'wait', now(), now()
        FROM (
          SELECT NULL::uuid AS account_id, profile_id FROM here
          UNION ALL
          SELECT account_id, NULL FROM here JOIN profile ON profile.id = here.profile_id) AS owner,
          generate_series(1, 100) AS i
        """);
  }

  private void deliveries() throws SQLException {
    run(
        """
        INSERT INTO trigger_delivery (trigger_id, sender, verdict, code, message, run_name, content_type, body_bytes, content_sealed)
        SELECT trigger_id, sender, verdict, code, message, repeat('r', 255), repeat('c', 250), body_bytes, content_sealed
        FROM trigger_delivery, generate_series(1, 149) AS i WHERE content_sealed IS NOT NULL
        """);
    run(
        """
        INSERT INTO task_callback (id, task_id, url, events, secrets_sealed, secret_hints, include)
        SELECT gen_random_uuid(), task_id, 'http://127.0.0.1:9/' || repeat('u', 2000) || i, ARRAY['run.ready'], 'x'::bytea,
          ARRAY['hint'], ARRAY['output']
        FROM here, generate_series(1, 10) AS i
        """);
    run(
        """
        INSERT INTO callback_delivery (callback_id, run_id, event, happened_at, state, attempt, due_at, ended_at, included)
        SELECT task_callback.id, run_id, 'run.ready', now(), 'failed', 20, now(), now(), json_build_object('output', answer)::text
        FROM task_callback JOIN here USING (task_id), large, generate_series(1, %d)
        """
            .formatted(10 * TIMES));
    run(
        """
        INSERT INTO callback_delivery (notice_id, channel_id, run_id, event, happened_at, state, attempt, due_at, ended_at, message)
        SELECT notice.id, channel.id, run_id, 'run.error', now(), 'failed', 20, now(), now(),
          json_build_object('title', repeat('t', 300), 'text', left(answer, 100000), 'data', json_build_object('task', 'task-0', 'output', left(answer, 100000)))::text
        FROM here JOIN notice USING (profile_id) JOIN channel USING (profile_id), large, generate_series(1, 100)
        WHERE notice.name = 'told' AND channel.name = 'team'
        """);
    run(
        """
        INSERT INTO callback_attempt (delivery_id, number, status, error, took_ms)
        SELECT id, i, 500, repeat('e', 1000), 5 FROM callback_delivery, generate_series(1, 20) AS i WHERE state = 'failed' ON CONFLICT DO NOTHING
        """);
  }

  private void tools() throws SQLException {
    String list =
        "(SELECT json_agg(json_build_object('name', 'tool_' || t, 'description', repeat('d', 1500), 'inputSchema', json_build_object('type', 'object', 'description', pg_temp.text_of(%d))))::text FROM generate_series(1, 128) AS t)"
            .formatted(TOOLS / 128 - 1700);
    run(
        """
        CREATE TEMP TABLE described AS SELECT %s AS tools,
          ARRAY(SELECT 'tool_' || t FROM generate_series(1, 128) AS t) AS tool_names
        """
            .formatted(list));
    run(
        """
        INSERT INTO servlet_content (address, wasm, tools, tool_names, engine)
        SELECT encode(sha256(convert_to('w' || i, 'UTF8')), 'hex'), convert_to('w' || i, 'UTF8'), described.tools, described.tool_names, 'compiled'
        FROM described, generate_series(1, %d) AS i
        """
            .formatted(300 * TIMES));
    run(
        """
        INSERT INTO servlet (id, owner, name, description, visibility)
        SELECT gen_random_uuid(), 'admin', 'large-' || i, pg_temp.text_of(2000), 'public' FROM generate_series(1, 150) AS i
        """);
    run(
        """
        INSERT INTO servlet_version (servlet_id, number, address, publication)
        SELECT id, 1, encode(sha256(convert_to('w1', 'UTF8')), 'hex'), 1 FROM servlet WHERE name LIKE 'large-%' AND name <> 'large-1'
        """);
    run(
        """
        INSERT INTO servlet_version (servlet_id, number, address, publication)
        SELECT id, i, encode(sha256(convert_to('w' || i, 'UTF8')), 'hex'), i FROM servlet, generate_series(1, %d) AS i WHERE name = 'large-1'
        """
            .formatted(300 * TIMES));
    run(
        """
        INSERT INTO installation (id, profile_id, servlet_id, name, address, domains, approvals)
        SELECT gen_random_uuid(), profile_id, servlet.id, 'large-' || i, encode(sha256(convert_to('w1', 'UTF8')), 'hex'),
          ARRAY(SELECT repeat('d', 60) || '.example.org' FROM generate_series(1, 50)),
          (SELECT json_object_agg('tool_' || t, 'always')::text FROM generate_series(1, 128) AS t)
        FROM here, servlet, generate_series(1, %d) AS i WHERE servlet.name = 'large-2'
        """
            .formatted(300 * TIMES));
    run(
        """
        UPDATE servlet_content SET tools = described.tools, tool_names = described.tool_names FROM described, installation JOIN here USING (profile_id)
        WHERE installation.name = 'calc' AND servlet_content.address = installation.address AND false
        """);
  }

  private void users() throws SQLException {
    run(
        "CREATE TEMP TABLE who AS SELECT id AS account_id FROM account WHERE username = '%s'"
            .formatted(reader));
    run(
        """
        INSERT INTO token (id, account_id, token_hash, name, scopes, tasks, created_at)
        SELECT gen_random_uuid(), account_id, sha256(convert_to('t' || i, 'UTF8')), repeat('n', 100), ARRAY['read'],
          ARRAY(SELECT 'admin/shown/' || j || repeat('t', 120) FROM generate_series(1, 100) AS j), now()
        FROM who, generate_series(1, 100) AS i
        """);
    run(
        """
        INSERT INTO session (token_hash, account_id, kind, device, address, last_used_at, ends_at)
        SELECT sha256(convert_to('s' || i, 'UTF8')), account_id, 'user', repeat('d', 200), '127.0.0.1', now(), now() + interval '1 day'
        FROM who, generate_series(1, 1000) AS i
        """);
    run(
        """
        INSERT INTO provider (id, account_id, profile_id, name, runner, settings, base_url, created_at, modified_at)
        SELECT gen_random_uuid(), CASE WHEN of_user THEN account_id END, CASE WHEN NOT of_user THEN profile_id END, 'large-' || i, 'openai',
          jsonb_build_object('model', repeat('m', 250), 'base_url', 'http://127.0.0.1:9/' || repeat('u', 2000), 'stop', jsonb_build_array(pg_temp.text_of(100000)))::text,
          'http://127.0.0.1:9/' || repeat('u', 2000), now(), now()
        FROM who, here, generate_series(1, 99) AS i, (VALUES (true), (false)) AS owner (of_user)
        """);
    run(
        """
        INSERT INTO oauth_client (id, client_id, kind, name, redirect_uris, created_at)
        SELECT gen_random_uuid(), 'large-' || i, CASE WHEN i %% 2 = 0 THEN 'manual' ELSE 'registered' END, repeat('n', 100),
          ARRAY(SELECT 'https://example.org/' || repeat('r', 1900) || j FROM generate_series(1, 20) AS j), now()
        FROM generate_series(1, %d) AS i
        """
            .formatted(400 * TIMES));
    run(
        """
        INSERT INTO oauth_grant (id, account_id, client_id, scopes, resource, code_hash, code_expires_at, code_used_at, redirect_uri,
          challenge, created_at, expires_at)
        SELECT gen_random_uuid(), account_id, oauth_client.id, ARRAY['read'], 'http://127.0.0.1/mcp', sha256(convert_to(client_id, 'UTF8')), now(), now(),
          redirect_uris[1], 'c', now(), now() + interval '1 day'
        FROM who, oauth_client WHERE client_id LIKE 'large-%' ORDER BY client_id LIMIT 100
        """);
    run(
        """
        INSERT INTO account (id, username, email) SELECT gen_random_uuid(), 'u-' || i, 'u-' || i || repeat('x', 200) || '@example.org'
        FROM generate_series(1, %d) AS i
        """
            .formatted(5000 * TIMES));
    run(
        "INSERT INTO profile (id, account_id, name, description, is_public) SELECT"
            + " gen_random_uuid(), account.id, 'shared', pg_temp.text_of(1000), true FROM account"
            + " WHERE username LIKE 'u-%'");
    run(
        "INSERT INTO profile (id, account_id, name, description) SELECT gen_random_uuid(),"
            + " account_id, 'large-' || i, pg_temp.text_of(1000) FROM who, generate_series(1, 99)"
            + " AS i");
    run(
        "INSERT INTO profile_member (profile_id, account_id, role) SELECT profile_id, account.id,"
            + " 'viewer' FROM here, account WHERE username LIKE 'u-%'");
    run(
        """
        INSERT INTO audit (at, actor, action, object, changes, address, request_id)
        SELECT now() - i * interval '1 second', 'admin', 'task.changed', 'tasks/admin/shown/' || repeat('t', 128),
          (SELECT json_object_agg('settings.' || repeat('p', 50) || j, json_build_object('from', repeat('f', 950), 'to', repeat('t', 950)))::text
           FROM generate_series(1, 32) AS j), '127.0.0.1', 'request'
        FROM generate_series(1, %d) AS i
        """
            .formatted(2000 * TIMES));
  }

  private void usage() throws SQLException {
    run(
        """
        INSERT INTO usage_day (task_id, day, profile_id, runs_ready, runs_error, prompt_tokens, completion_tokens, cached_tokens,
          reasoning_tokens, total_tokens, steps, tool_calls, model_ms, tool_ms, cost_usd)
        SELECT task.id, current_date - d, profile_id, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0.5
        FROM here JOIN task USING (profile_id), generate_series(1, 365) AS d
        ON CONFLICT DO NOTHING
        """);
  }

  private void run(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      boolean _ = statement.execute(sql);
    } catch (SQLException e) {
      throw new SQLException(e.getMessage() + " in " + sql, e);
    }
  }
}
