ALTER TABLE run
  -- The profiles of the runs above it, one for each of tasks_above; NULL where those are all of its own.
  ADD COLUMN profiles_above uuid[];

-- As before, and for the budgets of the runs above it.
CREATE OR REPLACE FUNCTION leave_budgeted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT has_budget(NEW.profile_id)
      AND NOT EXISTS (SELECT FROM unnest(NEW.profiles_above) AS above WHERE has_budget(above)) THEN
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
