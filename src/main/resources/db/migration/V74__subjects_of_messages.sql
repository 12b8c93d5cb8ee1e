-- When it was last told that the server refuses its header fields; NULL since these were set. One that takes some calls
-- and refuses others would be told of at every second call. Servers are locked before deliveries, as by what tells of them.
ALTER TABLE mcp_server ADD COLUMN refusal_told_at timestamptz;

-- Whether it refused again within that hour, which is told after it if it still does: a check notes what it finds.
ALTER TABLE mcp_server ADD COLUMN refusal_untold boolean NOT NULL DEFAULT false;

-- The task or tool that the message of a notice is about, by its name: messages to one channel about one subject are
-- sent in the order in which what they tell happened. NULL of callbacks, and of a message about several.
ALTER TABLE callback_delivery ADD COLUMN subject text;

CREATE OR REPLACE FUNCTION keep_refused_server() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  why text := json_build_object('reason',
    CASE WHEN NEW.refused THEN NEW.failure ELSE coalesce(NEW.call_failure, NEW.failure) END)::text;
BEGIN
  IF NEW.refusal_told_at > now() - interval '1 hour' THEN
    UPDATE mcp_server SET refusal_untold = true WHERE installation_id = NEW.installation_id AND NOT refusal_untold;
    RETURN NULL;
  END IF;
  UPDATE mcp_server SET refusal_told_at = now(), refusal_untold = false WHERE installation_id = NEW.installation_id;
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

CREATE OR REPLACE TRIGGER server_refused AFTER UPDATE OF refused, call_failure ON mcp_server FOR EACH ROW
  WHEN (NEW.auth <> 'oauth' AND (NEW.refused OR NEW.call_failure IS NOT NULL)
    AND (NEW.refusal_untold OR NOT (OLD.refused OR OLD.call_failure IS NOT NULL)))
  EXECUTE FUNCTION keep_refused_server();
