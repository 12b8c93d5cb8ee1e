-- Why the server refused its credentials at a call; NULL after a call that it took. Some servers list their tools for everybody.
ALTER TABLE mcp_server ADD COLUMN call_failure text;

-- Whatever statement notes that a server refuses its header fields, what is to be told of it is kept by the same commit. The ends of tokens are
-- told by mcp_credential.
CREATE FUNCTION keep_refused_server() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  why text := json_build_object('reason',
    CASE WHEN NEW.refused THEN NEW.failure ELSE coalesce(NEW.call_failure, NEW.failure) END)::text;
BEGIN
  INSERT INTO callback_delivery (callback_id, installation, event, happened_at, included)
  SELECT callback.id, installation.name, 'credential.failing', now(), why
  FROM installation
    JOIN task ON task.profile_id = installation.profile_id AND task.deleted_at IS NULL
    JOIN task_callback AS callback ON callback.task_id = task.id
  WHERE installation.id = NEW.installation_id AND callback.disabled_at IS NULL
    AND 'credential.failing' = ANY (callback.events)
  FOR KEY SHARE OF callback;
  INSERT INTO notice_event (profile_id, installation, event, happened_at, details)
  SELECT installation.profile_id, installation.name, 'credential.failing', now(), why
  FROM installation
  WHERE installation.id = NEW.installation_id AND EXISTS (SELECT FROM notice
    WHERE notice.profile_id = installation.profile_id AND enabled AND 'credential.failing' = ANY (events));
  RETURN NULL;
END $$;

CREATE TRIGGER server_refused AFTER UPDATE OF refused, call_failure ON mcp_server FOR EACH ROW
  WHEN (NEW.auth <> 'oauth' AND (NEW.refused OR NEW.call_failure IS NOT NULL)
    AND NOT (OLD.refused OR OLD.call_failure IS NOT NULL))
  EXECUTE FUNCTION keep_refused_server();
