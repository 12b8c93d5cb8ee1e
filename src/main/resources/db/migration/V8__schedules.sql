-- What starts runs by the clock, and what came of each time.

-- For when a run was meant at first; scheduled_at moves on when it is postponed.
ALTER TABLE run ADD COLUMN meant_for timestamptz;

CREATE TABLE schedule (
  id uuid PRIMARY KEY,
  task_id uuid NOT NULL REFERENCES task ON DELETE CASCADE,
  name text NOT NULL CHECK (name ~ '^[A-Za-z0-9._~-]{1,64}$'),
  cron text,
  every_seconds bigint CHECK (every_seconds > 0),
  at timestamptz,
  timezone text NOT NULL,
  parameters text NOT NULL,
  enabled boolean NOT NULL,
  missed text NOT NULL CHECK (missed IN ('none', 'last', 'all')),
  jitter_seconds bigint NOT NULL CHECK (jitter_seconds >= 0),
  start_at timestamptz,
  end_at timestamptz,
  depth integer NOT NULL DEFAULT 0 CHECK (depth >= 0),
  -- The first time that nothing has been decided of yet; it stays while the schedule stands still.
  next_time timestamptz,
  -- When a tick is to look at it; absent while it stands still or when no time is to come.
  due_at timestamptz,
  -- Failures in a row, and the names, one a line, of the runs whose end is not counted yet.
  failures integer NOT NULL DEFAULT 0 CHECK (failures >= 0),
  open_runs text NOT NULL DEFAULT '',
  paused_at timestamptz,
  paused_reason text,
  fires bigint NOT NULL DEFAULT 0 CHECK (fires >= 0),
  created_at timestamptz NOT NULL,
  modified_at timestamptz NOT NULL,
  UNIQUE (task_id, name),
  CHECK (num_nonnulls(cron, every_seconds, at) = 1),
  CHECK (start_at <= end_at),
  CHECK (due_at IS NULL OR (next_time IS NOT NULL AND enabled AND paused_at IS NULL)),
  CHECK ((paused_at IS NULL) = (paused_reason IS NULL))
);
-- A tick costs as much as there is due, however many schedules there are.
CREATE INDEX schedule_due ON schedule (due_at) WHERE due_at IS NOT NULL;

-- The newest of each schedule, numbered in the order in which they were decided.
CREATE TABLE schedule_fire (
  schedule_id uuid NOT NULL REFERENCES schedule ON DELETE CASCADE,
  number bigint NOT NULL CHECK (number > 0),
  scheduled_for timestamptz NOT NULL,
  decided_at timestamptz NOT NULL,
  verdict text NOT NULL CHECK (verdict ~ '^[a-z_]{1,64}$'),
  detail text NOT NULL,
  run_name text,
  PRIMARY KEY (schedule_id, number),
  CHECK (verdict NOT IN ('started', 'known') OR run_name IS NOT NULL)
);
