-- A tool call of a run that waits, or waited, until a person decides about it.
CREATE TABLE approval (
  id uuid PRIMARY KEY,
  -- Of several for one call, the one with the highest number counts.
  number bigint GENERATED ALWAYS AS IDENTITY,
  run_id bigint NOT NULL REFERENCES run ON DELETE CASCADE,
  -- That of the run. A foreign key would wait, with the run locked, for a deletion of the profile, which waits for the run.
  profile_id uuid NOT NULL,
  installation_id uuid,
  -- The call: the answer of the model that asks for it, counted from 1 within the run, and its id there.
  step integer NOT NULL,
  call_id text NOT NULL,
  -- Its name and arguments, as the model wrote them, and the address of the definitions of the run's tools.
  tool text NOT NULL,
  arguments text NOT NULL,
  definitions text,
  -- Whether the call was begun before, and its result is not known.
  may_have_run boolean NOT NULL,
  -- open, approved, rejected, edited, answered, failed, expired or cancelled.
  status text NOT NULL DEFAULT 'open',
  requested_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  -- What happens then: reject, fail or approve.
  expiry text NOT NULL,
  reminded_at timestamptz,
  decided_at timestamptz,
  -- A user; NULL where nobody decided in time, or nobody has to any more.
  decided_by text,
  -- The token by which that user decided; NULL in the console.
  decided_with text,
  reason text,
  -- The arguments of an edited call, or the result that the person gave.
  given text,
  -- When the run took the decision up: right before the call, or with the result that the model reads.
  taken_at timestamptz
);
CREATE INDEX approval_of_run ON approval (run_id);
CREATE INDEX approval_listed ON approval (profile_id, number DESC);
CREATE INDEX approval_open ON approval (profile_id, number) WHERE status = 'open';
CREATE INDEX approval_expiring ON approval (expires_at) WHERE status = 'open';
CREATE INDEX approval_oldest ON approval (requested_at) WHERE status = 'open';
CREATE INDEX approval_of_installation ON approval (installation_id) WHERE status = 'open';

-- A pending run that waits for a person has the eligibility 'approval'; statements alone write the column.
ALTER TABLE run DROP CONSTRAINT run_eligibility;
ALTER TABLE run
  -- Whether the table above may have anything of it.
  ADD COLUMN has_approvals boolean NOT NULL DEFAULT false,
  -- Since when it waits for persons, until a worker takes it up again.
  ADD COLUMN waits_since timestamptz,
  -- What it waits for, and the first time at which one of these expires.
  ADD COLUMN waits_for text[],
  ADD COLUMN waits_until timestamptz,
  ADD COLUMN waits_reason text,
  -- How long it has waited for persons, which does not count as time that it took.
  ADD COLUMN waited interval NOT NULL DEFAULT interval '0';

-- Whatever statement ends a run, nobody has to decide about its calls any more.
CREATE FUNCTION cancel_approvals() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE approval SET status = 'cancelled', decided_at = now() WHERE run_id = NEW.id AND status = 'open';
  RETURN NULL;
END $$;
CREATE TRIGGER cancel_approvals AFTER UPDATE OF finished_at ON run
  FOR EACH ROW WHEN (NEW.has_approvals AND NEW.finished_at IS NOT NULL)
  EXECUTE FUNCTION cancel_approvals();
