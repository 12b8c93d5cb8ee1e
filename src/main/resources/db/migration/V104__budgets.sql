-- What a user's profiles, a profile or one of its tasks may spend in a period.
CREATE TABLE budget (
  id uuid PRIMARY KEY,
  -- Whose it is, one of the two: of a user, it counts the runs of all profiles that the user owns.
  account_id uuid REFERENCES account ON DELETE CASCADE,
  profile_id uuid REFERENCES profile ON DELETE CASCADE,
  name text NOT NULL,
  -- run, day or month.
  period text NOT NULL,
  usd double precision,
  tokens bigint,
  -- The name of a task of the profile, which need not exist; NULL for all.
  task text,
  -- fail or wait.
  on_exhausted text NOT NULL,
  created_at timestamptz NOT NULL,
  modified_at timestamptz NOT NULL,
  CONSTRAINT budget_owner CHECK (num_nonnulls(account_id, profile_id) = 1),
  UNIQUE (account_id, name),
  UNIQUE (profile_id, name)
);

-- What a budget has spent in one of its periods, and what is reserved for requests that were sent and have not been answered.
CREATE TABLE budget_use (
  budget_id uuid NOT NULL REFERENCES budget ON DELETE CASCADE,
  -- The first day of the day or month in UTC, as in 2026-12-01, or the number of the run that started the others.
  period text NOT NULL,
  spent_usd numeric NOT NULL DEFAULT 0,
  spent_tokens bigint NOT NULL DEFAULT 0,
  -- The part of what is spent that no server has confirmed: the answer was lost, or did not say what it cost.
  unknown_usd numeric NOT NULL DEFAULT 0,
  unknown_tokens bigint NOT NULL DEFAULT 0,
  reserved_usd numeric NOT NULL DEFAULT 0,
  reserved_tokens bigint NOT NULL DEFAULT 0,
  -- Whether 80 % was told, and that it was reached.
  warned_at timestamptz,
  exceeded_at timestamptz,
  PRIMARY KEY (budget_id, period)
) WITH (fillfactor = 50);

-- What one attempt of a run has reserved of a budget for the request that it waits for.
CREATE TABLE budget_hold (
  run_id bigint NOT NULL,
  attempt integer NOT NULL,
  budget_id uuid NOT NULL,
  period text NOT NULL,
  usd numeric NOT NULL,
  tokens bigint NOT NULL,
  held_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (run_id, budget_id),
  FOREIGN KEY (budget_id, period) REFERENCES budget_use ON DELETE CASCADE
) WITH (fillfactor = 50);
CREATE INDEX budget_hold_of_use ON budget_hold (budget_id, period);

ALTER TABLE run
  -- The run that started this one, directly or by others; NULL where none did.
  ADD COLUMN root_id bigint,
  -- The names of the tasks of the runs above it.
  ADD COLUMN tasks_above text[],
  -- The budget that it waits for while it is pending; NULL for none.
  ADD COLUMN waits_budget uuid,
  -- The attempt that knows of budgets. A process of an older version leaves it behind.
  ADD COLUMN budget_attempt integer;

-- A process of a version that knows no budgets leaves the runs that have one to others.
CREATE FUNCTION has_budget(of_profile uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (SELECT FROM budget WHERE profile_id = of_profile)
    OR EXISTS (SELECT FROM profile JOIN budget USING (account_id) WHERE profile.id = of_profile)
$$;
CREATE FUNCTION leave_budgeted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT has_budget(NEW.profile_id) THEN
    RETURN NEW;
  END IF;
  IF TG_OP = 'UPDATE' THEN
    RETURN NULL;
  END IF;
  NEW.status := 'pending';
  NEW.attempt := 0;
  NEW.lease_until := NULL;
  NEW.started_at := NULL;
  RETURN NEW;
END $$;
CREATE TRIGGER leave_budgeted_new BEFORE INSERT ON run
  FOR EACH ROW WHEN (NEW.lease_until IS NOT NULL AND NEW.budget_attempt IS DISTINCT FROM NEW.attempt)
  EXECUTE FUNCTION leave_budgeted();
CREATE TRIGGER leave_budgeted BEFORE UPDATE OF lease_until ON run
  FOR EACH ROW WHEN (OLD.lease_until IS NULL AND NEW.lease_until IS NOT NULL AND NEW.budget_attempt IS DISTINCT FROM NEW.attempt)
  EXECUTE FUNCTION leave_budgeted();
