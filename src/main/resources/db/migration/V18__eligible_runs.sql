-- Which of the runs that wait may be claimed. A run is "later" until its time has come, "waiting" until its
-- task has a free slot, and "eligible" while it holds one of its task's slots, as every running run does. A
-- claim reads the index of eligible runs alone, so that it costs the same however many others there are.
ALTER TABLE run
  ADD COLUMN eligibility text NOT NULL DEFAULT 'waiting',
  -- The place of an eligible run in the order of claims, in which profiles take turns; 0 for others.
  ADD COLUMN turn bigint NOT NULL DEFAULT 0;
ALTER TABLE run ADD CONSTRAINT run_eligibility
  CHECK (eligibility IN ('later', 'waiting', 'eligible')) NOT VALID;
-- The first look at the queue makes the others eligible, as far as their tasks have room.
UPDATE run SET eligibility = 'later' WHERE status = 'pending' AND available_at > now();

DROP INDEX run_waiting;
CREATE INDEX run_queued ON run (profile_id, task_id, eligibility, available_at, id)
  WHERE status = 'pending';
CREATE INDEX run_later ON run (available_at) WHERE status = 'pending' AND eligibility = 'later';
-- Each has a condition of its own, though all hold the same runs: the planner, which does not know how many
-- they are, could take one for another, and read all of them.
CREATE INDEX run_eligible ON run (turn, id) WHERE status = 'pending' AND turn > 0;
CREATE INDEX run_eligible_by_age ON run (profile_id, available_at, id)
  WHERE status = 'pending' AND eligibility = 'eligible';
CREATE INDEX run_eligible_by_turn ON run (profile_id, turn) WHERE status = 'pending' AND turn <> 0;
