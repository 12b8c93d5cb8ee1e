-- Keeps an event that is not the end of a run, in the transaction in which it happens: a delivery for each callback that asked for it, and a row of the
-- outbox of notices where one of the profile did. It is about a task, or about all of a profile where that is NULL. The lock makes it wait for a
-- callback that is just being removed.
CREATE FUNCTION keep_event(of_profile uuid, of_task uuid, of_run bigint, of_installation text, kind text, at timestamptz, data text)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  tasks uuid[] := CASE WHEN of_task IS NULL
    THEN ARRAY(SELECT id FROM task WHERE profile_id = of_profile AND deleted_at IS NULL) ELSE ARRAY[of_task] END;
BEGIN
  INSERT INTO callback_delivery (callback_id, run_id, installation, event, happened_at, included)
  SELECT id, of_run, of_installation, kind, at, data FROM task_callback
  WHERE task_id = ANY (tasks) AND disabled_at IS NULL AND kind = ANY (events)
  FOR KEY SHARE;
  INSERT INTO notice_event (profile_id, task_id, run_id, installation, event, happened_at, details)
  SELECT of_profile, of_task, of_run, of_installation, kind, at, data
  WHERE EXISTS (SELECT FROM notice WHERE profile_id = of_profile AND enabled AND kind = ANY (events));
END $$;

CREATE OR REPLACE FUNCTION keep_credential_callbacks() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM keep_event(profile_id, NULL, NULL, name, 'credential.' || NEW.told, now(),
    json_build_object('reason', NEW.failure, 'expires_at', to_char(NEW.expires_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'))::text)
  FROM installation WHERE id = NEW.installation_id;
  RETURN NULL;
END $$;

-- contract: unused since 0.1.0
DROP TRIGGER credential_told_for_notices ON mcp_credential;
DROP FUNCTION keep_credential_for_notices;

CREATE OR REPLACE FUNCTION keep_refused_server() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.refusal_told_at > now() - interval '1 hour' THEN
    UPDATE mcp_server SET refusal_untold = true WHERE installation_id = NEW.installation_id AND NOT refusal_untold;
    RETURN NULL;
  END IF;
  UPDATE mcp_server SET refusal_told_at = now(), refusal_untold = false WHERE installation_id = NEW.installation_id;
  PERFORM keep_event(profile_id, NULL, NULL, name, 'credential.failing', now(), json_build_object('reason',
    CASE WHEN NEW.refused THEN NEW.failure ELSE coalesce(NEW.call_failure, NEW.failure) END)::text)
  FROM installation WHERE id = NEW.installation_id;
  RETURN NULL;
END $$;
