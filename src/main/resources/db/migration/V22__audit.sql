-- Who changed what. Lines outlive users, tokens and objects: what they name is text, and nothing refers to them.
CREATE TABLE audit (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at timestamptz NOT NULL,
  actor text NOT NULL,
  token_id uuid,
  session_id uuid,
  client text,
  action text NOT NULL,
  -- A path, such as tasks/ada/default/digest.
  object text NOT NULL,
  -- A JSON object.
  changes text NOT NULL,
  address text,
  request_id text
);

-- Each list is read in the order of one of them, newest first, whatever the planner knows of the table.
CREATE INDEX audit_at ON audit (at, id);
CREATE INDEX audit_actor ON audit (actor, at, id);
CREATE INDEX audit_action ON audit (action, at, id);
-- An object, and all that is below a user, a profile or a task.
CREATE INDEX audit_object_1 ON audit (((string_to_array(object, '/'))[1:1]), at, id);
CREATE INDEX audit_object_2 ON audit (((string_to_array(object, '/'))[1:2]), at, id);
CREATE INDEX audit_object_3 ON audit (((string_to_array(object, '/'))[1:3]), at, id);
CREATE INDEX audit_object_4 ON audit (((string_to_array(object, '/'))[1:4]), at, id);

-- Lines are added, and go when they are old: by audit_forget alone.
CREATE FUNCTION audit_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND OLD.at < nullif(current_setting('errand.audit_before', true), '')::timestamptz THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION 'The audit is append-only: % is refused.', TG_OP
    USING ERRCODE = 'insufficient_privilege', HINT = 'Old lines are removed by audit_forget.';
END $$;
CREATE TRIGGER audit_is_kept BEFORE UPDATE OR DELETE ON audit FOR EACH ROW EXECUTE FUNCTION audit_is_kept();
CREATE TRIGGER audit_is_not_emptied BEFORE TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION audit_is_kept();

-- As its owner, so that a role that may only add and read lines can have old ones removed. What anybody wants, nothing
-- of the last day goes.
DO $do$
BEGIN
  EXECUTE format($create$
    CREATE FUNCTION audit_forget(before timestamptz, most integer) RETURNS integer
      LANGUAGE plpgsql SECURITY DEFINER SET search_path = %I, pg_temp SET enable_seqscan = off AS $body$
    DECLARE
      old timestamptz := least(before, now() - interval '1 day');
      removed integer;
    BEGIN
      PERFORM set_config('errand.audit_before', old::text, true);
      DELETE FROM audit WHERE id = ANY (ARRAY(SELECT id FROM audit WHERE at < old ORDER BY at, id LIMIT most));
      GET DIAGNOSTICS removed = ROW_COUNT;
      PERFORM set_config('errand.audit_before', '', true);
      RETURN removed;
    END $body$
    $create$, current_schema());
END $do$;
REVOKE ALL ON FUNCTION audit_forget FROM PUBLIC;
