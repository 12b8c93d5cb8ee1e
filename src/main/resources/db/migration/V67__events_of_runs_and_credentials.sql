-- In a file of its own: a run that ends locks the run, then its deliveries, and V65 locks the deliveries.
-- Whatever statement ends a run, what a rule may want to tell of it is kept by the same commit. Without a rule, that
-- costs a look into an empty table or two.
CREATE FUNCTION keep_run_for_notices() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.status = 'error' THEN
    IF EXISTS (SELECT FROM notice WHERE profile_id = NEW.profile_id AND enabled
        AND events && ARRAY['run.error', 'run.errors_in_a_row', 'run.recovered']) THEN
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

-- What somebody ended is no failure.
CREATE TRIGGER run_ended_for_notices AFTER UPDATE OF status ON run FOR EACH ROW
  WHEN (OLD.status IN ('pending', 'running') AND NEW.status IN ('ready', 'error')
    AND coalesce(NEW.error_code, '') NOT IN ('cancelled', 'task_deleted'))
  EXECUTE FUNCTION keep_run_for_notices();

CREATE FUNCTION keep_credential_for_notices() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO notice_event (profile_id, installation, event, happened_at, details)
  SELECT installation.profile_id, installation.name, 'credential.' || NEW.told, now(),
    json_build_object('reason', NEW.failure, 'expires_at', to_char(NEW.expires_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'))::text
  FROM installation
  WHERE installation.id = NEW.installation_id AND EXISTS (SELECT FROM notice
    WHERE notice.profile_id = installation.profile_id AND enabled AND 'credential.' || NEW.told = ANY (events));
  RETURN NULL;
END $$;

CREATE TRIGGER credential_told_for_notices AFTER UPDATE OF told ON mcp_credential FOR EACH ROW
  WHEN (NEW.told IS NOT NULL AND NEW.told IS DISTINCT FROM OLD.told)
  EXECUTE FUNCTION keep_credential_for_notices();
