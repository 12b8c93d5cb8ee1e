-- Whether the output of a run is its result: JSON that fits the schema of its task. The JSON is not stored a second
-- time. The planner also expects fewer runs of a table that it has no statistics of, the wider its columns may be.
ALTER TABLE run ADD COLUMN has_result boolean;

ALTER TABLE task_callback
  DROP CONSTRAINT task_callback_include_check,
  ADD CONSTRAINT task_callback_include_check CHECK (include <@ ARRAY['output', 'result', 'usage']);

-- The parts of a run that a callback includes. An output is cut at 32,768 characters. A longer result is left out,
-- since a part of it would not be JSON.
CREATE FUNCTION callback_content(include text[], output text, has_result boolean, usage text) RETURNS text
  LANGUAGE sql STABLE AS $$
  SELECT '{' || concat_ws(',',
    CASE WHEN 'output' = ANY (include) THEN
      '"output":' || coalesce(to_json(left(output, 32768))::text, 'null') END,
    CASE WHEN 'result' = ANY (include) THEN
      '"result":' || CASE WHEN has_result AND char_length(output) <= 32768 THEN output ELSE 'null' END END,
    CASE WHEN include && ARRAY['output', 'result'] THEN
      '"truncated":' || (coalesce(char_length(output), 0) > 32768
        AND (has_result OR 'output' = ANY (include)))::text END,
    CASE WHEN 'usage' = ANY (include) THEN '"usage":' || usage END) || '}'
$$;

CREATE OR REPLACE FUNCTION keep_callbacks() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO callback_delivery (callback_id, run_id, event, happened_at, included)
  SELECT id, NEW.id, 'run.' || NEW.status, NEW.finished_at,
    CASE WHEN include <> '{}' THEN callback_content(include, NEW.output, coalesce(NEW.has_result, false), NEW.usage) END
  FROM task_callback
  WHERE task_id = NEW.task_id AND disabled_at IS NULL AND 'run.' || NEW.status = ANY (events)
  FOR KEY SHARE;
  RETURN NULL;
END $$;
