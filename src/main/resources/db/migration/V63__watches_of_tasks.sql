-- What the settings of a task expect over time (settings.watch), a row for each condition of a watch. The tick looks at
-- those that are due, and takes from the settings themselves what is expected.
CREATE TABLE task_watch (
  task_id uuid NOT NULL REFERENCES task ON DELETE CASCADE,
  condition text NOT NULL CHECK (condition IN ('ready_every', 'ends_within', 'errors_in_a_row')),
  -- What the settings said when it was last looked at; null before the first look. Another value begins anew.
  expected text,
  -- What happened before does not count; null where the next look begins anew.
  since timestamptz,
  -- Whether since was moved on because the clock was set forward, which is done once until the condition is met.
  forgiven boolean NOT NULL DEFAULT false,
  -- When it was noted that the condition is missed, since when it is, and a sentence about it.
  missed_at timestamptz,
  missed_since timestamptz,
  sentence text,
  -- When it is looked at next.
  due_at timestamptz NOT NULL DEFAULT '-infinity',
  PRIMARY KEY (task_id, condition),
  CHECK (num_nulls(missed_at, missed_since, sentence) IN (0, 3))
);
CREATE INDEX task_watch_due ON task_watch (due_at);
CREATE INDEX task_watch_missed ON task_watch (task_id) WHERE missed_at IS NOT NULL;

-- Whatever statement changes the watch of a task or enables it, also one of a version that knows no watches, its rows
-- are there and due by the same commit. Rows of what is no longer expected are removed by the tick, which tells of them.
CREATE FUNCTION watch_task() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO task_watch (task_id, condition)
  SELECT NEW.id, condition FROM unnest(ARRAY['ready_every', 'ends_within', 'errors_in_a_row']) AS condition
  WHERE NEW.settings::json #>> ARRAY['watch', condition] IS NOT NULL
  ON CONFLICT DO NOTHING;
  UPDATE task_watch SET since = NULL, due_at = '-infinity' WHERE task_id = NEW.id;
  RETURN NULL;
END $$;

CREATE TRIGGER task_watch_begins AFTER INSERT ON task FOR EACH ROW
  WHEN (NEW.settings::json -> 'watch' IS NOT NULL)
  EXECUTE FUNCTION watch_task();

CREATE TRIGGER task_watch_changes AFTER UPDATE OF settings, enabled, deleted_at ON task FOR EACH ROW
  WHEN ((NEW.settings::json ->> 'watch') IS DISTINCT FROM (OLD.settings::json ->> 'watch')
    OR (NEW.settings::json -> 'watch' IS NOT NULL
      AND (NEW.enabled, NEW.deleted_at) IS DISTINCT FROM (OLD.enabled, OLD.deleted_at)))
  EXECUTE FUNCTION watch_task();

-- A pause misses nothing: afterwards the watch begins anew, however short the pause was.
CREATE FUNCTION watch_profile_anew() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE task_watch SET since = NULL, due_at = '-infinity'
  FROM task WHERE task.profile_id = NEW.id AND task.deleted_at IS NULL AND task_watch.task_id = task.id;
  RETURN NULL;
END $$;

CREATE TRIGGER profile_goes_on AFTER UPDATE OF paused_at ON profile FOR EACH ROW
  WHEN (OLD.paused_at IS NOT NULL AND NEW.paused_at IS NULL)
  EXECUTE FUNCTION watch_profile_anew();

CREATE FUNCTION watch_scheduled_task_anew() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE task_watch SET since = NULL, due_at = '-infinity'
  WHERE task_id = NEW.task_id AND condition = 'ready_every' AND NOT EXISTS (
    SELECT FROM schedule AS other
    WHERE other.task_id = NEW.task_id AND other.id <> NEW.id AND other.enabled AND other.paused_at IS NULL);
  RETURN NULL;
END $$;

CREATE TRIGGER schedule_goes_on AFTER UPDATE OF enabled, paused_at ON schedule FOR EACH ROW
  WHEN (NOT (OLD.enabled AND OLD.paused_at IS NULL) AND NEW.enabled AND NEW.paused_at IS NULL)
  EXECUTE FUNCTION watch_scheduled_task_anew();
