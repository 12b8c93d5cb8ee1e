-- Deliveries that should have started a run and did not, of senders that were verified then or before: since when they fail, NULL while they do not;
-- how many did in a row; the verdict of the last one and why. Whether that was told, and when the last time of such was, which may be another.
ALTER TABLE task_trigger ADD COLUMN failing_since timestamptz;
ALTER TABLE task_trigger ADD COLUMN failures integer NOT NULL DEFAULT 0;
ALTER TABLE task_trigger ADD COLUMN failing_verdict text;
ALTER TABLE task_trigger ADD COLUMN failing_reason text;
ALTER TABLE task_trigger ADD COLUMN failing_told boolean NOT NULL DEFAULT false;
ALTER TABLE task_trigger ADD COLUMN failing_told_at timestamptz;
