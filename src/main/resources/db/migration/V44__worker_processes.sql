-- The processes that work the queue in the background, each of which says from time to time that it is there.

CREATE TABLE worker_process (
  id uuid PRIMARY KEY,
  name text NOT NULL,
  version text NOT NULL,
  -- How many runs it works at the same time at most.
  capacity integer NOT NULL,
  -- How many it works now.
  busy integer NOT NULL,
  started_at timestamptz NOT NULL,
  seen_at timestamptz NOT NULL
) WITH (fillfactor = 50);
