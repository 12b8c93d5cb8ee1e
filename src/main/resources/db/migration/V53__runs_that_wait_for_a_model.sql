-- Runs that wait for a model keep no process busy, so they don't call for another one. Each process says how many of its
-- runs do; one of an older version says nothing, and all of its runs count.

ALTER TABLE worker_process ADD COLUMN waiting integer NOT NULL DEFAULT 0;

CREATE OR REPLACE VIEW queue_load AS
WITH queued AS (
  SELECT task_id, profile_id,
    count(*) FILTER (WHERE eligibility = 'eligible') AS eligible,
    count(*) FILTER (WHERE eligibility <> 'eligible' AND available_at <= now()) AS due
  FROM run WHERE status = 'pending' GROUP BY profile_id, task_id),
held AS (
  SELECT task_id, count(*) AS running FROM run WHERE status = 'running' GROUP BY profile_id, task_id)
SELECT
  (greatest(coalesce((SELECT sum(running) FROM held), 0)
      - coalesce((SELECT sum(waiting) FROM worker_process WHERE seen_at >= now() - interval '1 minute'), 0), 0)
    + coalesce(
      (SELECT sum(eligible + least(due, greatest(concurrency - eligible - coalesce(running, 0), 0)))
       FROM queued JOIN task ON task.id = queued.task_id LEFT JOIN held ON held.task_id = queued.task_id),
      0))::bigint AS runs;
