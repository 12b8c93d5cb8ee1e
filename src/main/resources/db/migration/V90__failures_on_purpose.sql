-- Whether somebody ended a run by this error on purpose, so that it counts as no failure; RunError.isOnPurpose says the same.
CREATE FUNCTION is_on_purpose(code text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
  SELECT code IN ('cancelled', 'task_deleted')
$$;

CREATE OR REPLACE FUNCTION failures_in_a_row(task uuid, up_to bigint) RETURNS integer LANGUAGE sql STABLE AS $$
  SELECT count(*) FILTER (WHERE NOT is_on_purpose(error_code))::integer
  FROM (
    SELECT error_code FROM run
    WHERE task_id = task AND status = 'error' AND id > 0 AND -id >= -up_to
      AND -id < coalesce(
        (SELECT -id FROM run WHERE task_id = task AND status = 'ready' AND id > 0 AND -id >= -up_to
         ORDER BY -id LIMIT 1), 0)
    ORDER BY -id LIMIT 100) AS failed
$$;

-- A failed run may be told by any event of runs that a notice names, and a ready one after failures, or for its warnings.
CREATE OR REPLACE FUNCTION keep_run_for_notices() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.status = 'error' THEN
    IF is_on_purpose(NEW.error_code) IS NOT TRUE AND EXISTS (SELECT FROM notice, unnest(events) AS named
        WHERE profile_id = NEW.profile_id AND enabled AND named LIKE 'run.%') THEN
      INSERT INTO notice_event (profile_id, task_id, run_id, event, happened_at, failures)
      VALUES (NEW.profile_id, NEW.task_id, NEW.id, 'run.error', NEW.finished_at,
        failures_in_a_row(NEW.task_id, NEW.id));
    END IF;
  ELSIF EXISTS (SELECT FROM notice_failing WHERE task_id = NEW.task_id)
      OR EXISTS (SELECT FROM notice_event WHERE task_id = NEW.task_id AND event = 'run.error')
      OR (NEW.warnings IS NOT NULL AND EXISTS (SELECT FROM notice WHERE profile_id = NEW.profile_id AND enabled
        AND 'run.warnings' = ANY (events))) THEN
    INSERT INTO notice_event (profile_id, task_id, run_id, event, happened_at)
    VALUES (NEW.profile_id, NEW.task_id, NEW.id, 'run.ready', NEW.finished_at);
  END IF;
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER run_ended_for_notices AFTER UPDATE OF status ON run FOR EACH ROW
  WHEN (OLD.status IN ('pending', 'running') AND NEW.status IN ('ready', 'error'))
  EXECUTE FUNCTION keep_run_for_notices();
