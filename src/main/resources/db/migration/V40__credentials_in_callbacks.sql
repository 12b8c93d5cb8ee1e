-- Callbacks are told of credentials that end, which concerns no run.

ALTER TABLE task_callback
  DROP CONSTRAINT task_callback_events_check,
  ADD CONSTRAINT task_callback_events_check CHECK (events <> '{}'
    AND events <@ ARRAY['run.ready', 'run.error', 'credential.expiring', 'credential.failing']);

ALTER TABLE callback_delivery
  ALTER COLUMN run_id DROP NOT NULL,
  DROP CONSTRAINT callback_delivery_event_check,
  -- The name that the installation had then.
  ADD COLUMN installation text,
  ADD CONSTRAINT callback_delivery_event_check
    CHECK (event IN ('run.ready', 'run.error', 'credential.expiring', 'credential.failing')),
  ADD CONSTRAINT callback_delivery_subject_check CHECK (
    (run_id IS NOT NULL) = (event LIKE 'run.%') AND (installation IS NOT NULL) = (event LIKE 'credential.%'));

-- What of it was told last.
ALTER TABLE mcp_credential ADD COLUMN told text CHECK (told IN ('expiring', 'failing'));

-- Whatever statement notes the end of a credential, what is to be told of it is kept by the same commit.
CREATE FUNCTION keep_credential_callbacks() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO callback_delivery (callback_id, installation, event, happened_at, included)
  SELECT callback.id, installation.name, 'credential.' || NEW.told, now(),
    json_build_object('reason', NEW.failure, 'expires_at', to_char(NEW.expires_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'))::text
  FROM installation
    JOIN task ON task.profile_id = installation.profile_id AND task.deleted_at IS NULL
    JOIN task_callback AS callback ON callback.task_id = task.id
  WHERE installation.id = NEW.installation_id AND callback.disabled_at IS NULL
    AND 'credential.' || NEW.told = ANY (callback.events)
  FOR KEY SHARE OF callback;
  RETURN NULL;
END $$;

CREATE TRIGGER credential_told AFTER UPDATE OF told ON mcp_credential FOR EACH ROW
  WHEN (NEW.told IS NOT NULL AND NEW.told IS DISTINCT FROM OLD.told)
  EXECUTE FUNCTION keep_credential_callbacks();
