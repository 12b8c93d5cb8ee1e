-- What callbacks carry of the run besides its address, fixed with the event: redeliveries send the same.

ALTER TABLE task_callback ADD COLUMN include text[] NOT NULL DEFAULT '{}'
  CHECK (include <@ ARRAY['output', 'usage']);

-- An object with what was included; null where nothing was. Not jsonb, which would rewrite numbers.
ALTER TABLE callback_delivery ADD COLUMN included text;

-- The parts of a run that a callback includes. An output is cut at 32,768 characters.
CREATE FUNCTION callback_content(include text[], output text, usage text) RETURNS text
  LANGUAGE sql STABLE AS $$
  SELECT '{' || concat_ws(',',
    CASE WHEN 'output' = ANY (include) THEN
      '"output":' || coalesce(to_json(left(output, 32768))::text, 'null') ||
      ',"truncated":' || (coalesce(char_length(output), 0) > 32768)::text END,
    CASE WHEN 'usage' = ANY (include) THEN '"usage":' || usage END) || '}'
$$;

CREATE OR REPLACE FUNCTION keep_callbacks() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO callback_delivery (callback_id, run_id, event, happened_at, included)
  SELECT id, NEW.id, 'run.' || NEW.status, NEW.finished_at,
    CASE WHEN include <> '{}' THEN callback_content(include, NEW.output, NEW.usage) END
  FROM task_callback
  WHERE task_id = NEW.task_id AND disabled_at IS NULL AND 'run.' || NEW.status = ANY (events)
  FOR KEY SHARE;
  RETURN NULL;
END $$;
