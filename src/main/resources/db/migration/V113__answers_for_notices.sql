-- A ready run may also be told by its answer. Its type is one that the version before, which tells no answers, leaves alone.
CREATE OR REPLACE FUNCTION keep_run_for_notices() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  wants_answer boolean;
  wants_warnings boolean;
BEGIN
  IF NEW.status = 'error' THEN
    IF is_on_purpose(NEW.error_code) IS NOT TRUE AND EXISTS (SELECT FROM notice, unnest(events) AS named
        WHERE profile_id = NEW.profile_id AND enabled AND named LIKE 'run.%') THEN
      INSERT INTO notice_event (profile_id, task_id, run_id, event, happened_at, failures)
      VALUES (NEW.profile_id, NEW.task_id, NEW.id, 'run.error', NEW.finished_at,
        failures_in_a_row(NEW.task_id, NEW.id));
    END IF;
    RETURN NULL;
  END IF;
  SELECT coalesce(bool_or('run.ready' = ANY (events) AND (tasks IS NULL
      OR (SELECT name FROM task WHERE task.id = NEW.task_id) = ANY (tasks))), false),
    coalesce(bool_or('run.warnings' = ANY (events)), false)
  INTO wants_answer, wants_warnings
  FROM notice WHERE profile_id = NEW.profile_id AND enabled;
  IF wants_answer OR (wants_warnings AND NEW.warnings IS NOT NULL)
      OR EXISTS (SELECT FROM notice_failing WHERE task_id = NEW.task_id)
      OR EXISTS (SELECT FROM notice_event WHERE task_id = NEW.task_id AND event = 'run.error') THEN
    INSERT INTO notice_event (profile_id, task_id, run_id, event, happened_at)
    VALUES (NEW.profile_id, NEW.task_id, NEW.id, CASE WHEN wants_answer THEN 'run.answer' ELSE 'run.ready' END,
      NEW.finished_at);
  END IF;
  RETURN NULL;
END $$;
