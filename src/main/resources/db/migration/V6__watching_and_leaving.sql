-- How runs are looked at, and how they leave.

-- Lists are read by status, newest first. The order of -id is nobody's but this index's: by id the
-- planner would at times go through all runs of all tasks, in the hope of meeting the wanted ones soon.
DROP INDEX run_newest_by_task;
CREATE INDEX run_by_task_and_status ON run (task_id, status, (-id));

-- A run that is removed leaves its name, so that no other run takes it.
CREATE TABLE run_tombstone (
  task_id uuid NOT NULL REFERENCES task ON DELETE CASCADE,
  name text NOT NULL,
  -- The run, until it is deleted itself.
  run_id bigint,
  removed_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (task_id, name)
);
CREATE INDEX run_tombstone_due ON run_tombstone (removed_at) WHERE run_id IS NOT NULL;

-- What runs used, by day: each end of a run adds a row, and now and then those rows are added up. A run
-- that ends changes no row that another one changes, too.
CREATE TABLE usage_tally (
  profile_id uuid NOT NULL,
  task_id uuid NOT NULL,
  day date NOT NULL,
  status text NOT NULL,
  usage text NOT NULL,
  counted text
);
CREATE TABLE usage_day (
  task_id uuid NOT NULL REFERENCES task ON DELETE CASCADE,
  day date NOT NULL,
  profile_id uuid NOT NULL REFERENCES profile ON DELETE CASCADE,
  runs_ready bigint NOT NULL,
  runs_error bigint NOT NULL,
  prompt_tokens bigint NOT NULL,
  completion_tokens bigint NOT NULL,
  cached_tokens bigint NOT NULL,
  reasoning_tokens bigint NOT NULL,
  total_tokens bigint NOT NULL,
  steps bigint NOT NULL,
  tool_calls bigint NOT NULL,
  model_ms bigint NOT NULL,
  tool_ms bigint NOT NULL,
  -- Null where no price was known.
  cost_usd numeric,
  PRIMARY KEY (task_id, day)
);
CREATE INDEX usage_day_by_profile ON usage_day (profile_id, day);

-- What of its usage was counted at an end from which it was taken up again.
ALTER TABLE run ADD COLUMN usage_counted text;

CREATE FUNCTION run_has_ended() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO usage_tally VALUES (NEW.profile_id, NEW.task_id,
    (NEW.finished_at AT TIME ZONE 'UTC')::date, NEW.status, NEW.usage, NEW.usage_counted);
  RETURN NULL;
END $$;
CREATE TRIGGER run_ends AFTER UPDATE OF finished_at ON run FOR EACH ROW
  WHEN (OLD.finished_at IS NULL AND NEW.finished_at IS NOT NULL)
  EXECUTE FUNCTION run_has_ended();

CREATE FUNCTION run_is_taken_up() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.usage_counted := NEW.usage;
  RETURN NEW;
END $$;
CREATE TRIGGER run_goes_on BEFORE UPDATE OF finished_at ON run FOR EACH ROW
  WHEN (OLD.finished_at IS NOT NULL AND NEW.finished_at IS NULL)
  EXECUTE FUNCTION run_is_taken_up();

INSERT INTO usage_tally
  SELECT profile_id, task_id, (finished_at AT TIME ZONE 'UTC')::date, status, usage, NULL
    FROM run WHERE finished_at IS NOT NULL;
