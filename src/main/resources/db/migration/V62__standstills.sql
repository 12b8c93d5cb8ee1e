-- Why times of schedules passed without a run: when nothing looked for due ones.

-- The last look of any process, to about ten seconds, and the one before. It has one row, which no index but the key
-- knows, so that an update writes no index.
CREATE TABLE schedule_tick (
  one boolean PRIMARY KEY CHECK (one),
  at timestamptz NOT NULL,
  before timestamptz NOT NULL
);

CREATE TABLE standstill (
  id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
  from_at timestamptz NOT NULL,
  until_at timestamptz NOT NULL CHECK (until_at > from_at),
  -- Whether a process that looked all the time saw the database's clock jump.
  clock_jumped boolean NOT NULL
);
