-- How runs are claimed: so many of a task at once, profiles in turn, and one by one where a task's
-- runs may not overlap.

ALTER TABLE task
  -- What a claim has to know of the settings, kept true by the database.
  ADD COLUMN concurrency integer NOT NULL
    GENERATED ALWAYS AS (coalesce((settings::json ->> 'concurrency')::integer, 4)) STORED
    CHECK (concurrency BETWEEN 1 AND 1000);

ALTER TABLE run
  -- It may be live only while no other run of its task is live that was triggered so.
  ADD COLUMN alone boolean NOT NULL DEFAULT false,
  -- How often its worker was lost since the run last came further.
  ADD COLUMN losses integer NOT NULL DEFAULT 0 CHECK (losses >= 0);

DROP INDEX run_pending;
DROP INDEX run_running;
DROP INDEX run_queued_by_profile;
-- By profile and task, so that a claim passes over a task that may not have more in one step.
CREATE INDEX run_waiting ON run (profile_id, task_id, available_at, id) WHERE status = 'pending';
-- Without the lease, so that extending one touches no index.
CREATE INDEX run_held ON run (profile_id, task_id) WHERE status = 'running';
CREATE UNIQUE INDEX run_alone ON run (task_id) WHERE alone AND status IN ('pending', 'running');
