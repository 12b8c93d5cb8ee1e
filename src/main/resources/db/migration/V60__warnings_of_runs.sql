-- The codes of the warnings among a run's entries, each once, in the order of their first appearance; NULL for none. The
-- statements that write the entries add them. A process of the version before adds none.
ALTER TABLE run ADD COLUMN warnings text[];

-- A run that has used nothing yet has the usage that a worker compares it with, and is spared reading it.
ALTER TABLE run ALTER COLUMN usage SET DEFAULT
  '{"prompt_tokens":0,"completion_tokens":0,"total_tokens":0,"cached_tokens":0,"cache_write_tokens":0,"reasoning_tokens":0,"steps":0,"tool_calls":0,"tool_errors":0,"model_ms":0,"tool_ms":0}';

-- The warnings of a run with some more, which are codes separated by commas. Not in SQL: the planner would plan it with
-- each statement that may add a warning, and few do.
CREATE FUNCTION with_warnings(known text[], added text) RETURNS text[] LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
  code text;
BEGIN
  FOREACH code IN ARRAY string_to_array(added, ',') LOOP
    IF (code = ANY (known)) IS NOT TRUE THEN
      known := array_append(known, code);
    END IF;
  END LOOP;
  RETURN known;
END $$;

-- How many runs of a task up to an id failed since its last ready one; those that somebody ended do not count. It reads
-- 100 failed runs at the most, from the index run_listed, which the conditions on the id open.
CREATE FUNCTION failures_in_a_row(task uuid, up_to bigint) RETURNS integer LANGUAGE sql STABLE AS $$
  SELECT count(*) FILTER (WHERE error_code NOT IN ('cancelled', 'task_deleted'))::integer
  FROM (
    SELECT error_code FROM run
    WHERE task_id = task AND status = 'error' AND id > 0 AND -id >= -up_to
      AND -id < coalesce(
        (SELECT -id FROM run WHERE task_id = task AND status = 'ready' AND id > 0 AND -id >= -up_to
         ORDER BY -id LIMIT 1), 0)
    ORDER BY -id LIMIT 100) AS failed
$$;

-- What a callback tells of a run beside its address: its warnings and, of one that failed, why and how often in a row,
-- whatever the callback includes. A process of the version before sends the included parts alone.
CREATE OR REPLACE FUNCTION keep_callbacks() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO callback_delivery (callback_id, run_id, event, happened_at, included)
  SELECT id, NEW.id, 'run.' || NEW.status, NEW.finished_at,
    '{"warnings":' || coalesce(array_to_json(NEW.warnings)::text, '[]')
      || CASE WHEN NEW.status = 'error' THEN
        ',"error":' || json_build_object('code', NEW.error_code, 'message', NEW.error_message)::text
          || ',"failures_in_a_row":' || failures_in_a_row(NEW.task_id, NEW.id) ELSE '' END
      || CASE WHEN include = '{}' THEN '}' ELSE ',' || substr(
        callback_content(include, NEW.output, coalesce(NEW.has_result, false), NEW.usage), 2) END
  FROM task_callback
  WHERE task_id = NEW.task_id AND disabled_at IS NULL AND 'run.' || NEW.status = ANY (events)
  FOR KEY SHARE;
  RETURN NULL;
END $$;
