-- The runs that could be worked at this moment, if there were processes enough: those that run, and of each task as
-- many of those whose time has come as it has slots. The metric of the processes that are wanted is made of it, and an
-- autoscaler may ask for it without seeing anything else. Both parts read the indexes of runs that have not ended.
CREATE VIEW queue_load AS
WITH queued AS (
  SELECT task_id, profile_id,
    count(*) FILTER (WHERE eligibility = 'eligible') AS eligible,
    count(*) FILTER (WHERE eligibility <> 'eligible' AND available_at <= now()) AS due
  FROM run WHERE status = 'pending' GROUP BY profile_id, task_id),
held AS (
  SELECT task_id, count(*) AS running FROM run WHERE status = 'running' GROUP BY profile_id, task_id)
SELECT
  (coalesce((SELECT sum(running) FROM held), 0)
    + coalesce(
      (SELECT sum(eligible + least(due, greatest(concurrency - eligible - coalesce(running, 0), 0)))
       FROM queued JOIN task ON task.id = queued.task_id LEFT JOIN held ON held.task_id = queued.task_id),
      0))::bigint AS runs;
