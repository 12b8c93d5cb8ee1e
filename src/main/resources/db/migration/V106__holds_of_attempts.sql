-- An attempt that has lost the run may hold a reservation beside the attempt that has it. No released version knows of these tables.
-- contract: unused since 0.1.0
ALTER TABLE budget_hold DROP CONSTRAINT budget_hold_pkey;
ALTER TABLE budget_hold ADD PRIMARY KEY (run_id, attempt, budget_id);

-- What is counted for one run goes with it.
CREATE INDEX budget_use_of_period ON budget_use (period);

-- A process of a version that knows no budgets can't keep the runs that it holds when the first budget is made.
CREATE OR REPLACE TRIGGER leave_budgeted BEFORE UPDATE OF lease_until ON run
  FOR EACH ROW WHEN (NEW.lease_until IS NOT NULL AND NEW.budget_attempt IS DISTINCT FROM NEW.attempt)
  EXECUTE FUNCTION leave_budgeted();
