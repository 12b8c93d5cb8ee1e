-- The first failure of a run that is tried again later may be told. Why it failed is in the entry of the same statement.
CREATE FUNCTION keep_retry_for_notices() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM keep_event(NEW.profile_id, NEW.task_id, NEW.id, NULL, 'run.retrying', now(), json_build_object('run', NEW.name,
    'reason', (SELECT entry::json ->> 'msg' FROM run_entry WHERE run_id = NEW.id ORDER BY seq DESC LIMIT 1),
    'retries_at', to_char(NEW.scheduled_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'))::text);
  RETURN NULL;
END $$;
CREATE TRIGGER run_retried_for_notices AFTER UPDATE OF later_tries ON run FOR EACH ROW
  WHEN (OLD.later_tries = 0 AND NEW.later_tries = 1) EXECUTE FUNCTION keep_retry_for_notices();
