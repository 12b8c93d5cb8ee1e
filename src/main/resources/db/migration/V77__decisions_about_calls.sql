-- Whatever statement ends a run, nobody has to decide about its calls any more, and no decision holds that was not taken up: whoever retries the run need
-- not be one who may decide. What ended the run stays as it is.
CREATE OR REPLACE FUNCTION cancel_approvals() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE approval SET status = 'cancelled', decided_at = coalesce(decided_at, now())
  WHERE run_id = NEW.id AND taken_at IS NULL AND status IN ('open', 'approved', 'edited', 'rejected', 'answered');
  RETURN NULL;
END $$;

UPDATE approval SET status = 'cancelled' FROM run
WHERE run.id = approval.run_id AND run.finished_at IS NOT NULL AND approval.taken_at IS NULL
  AND approval.status IN ('approved', 'edited', 'rejected', 'answered');

ALTER TABLE approval
  -- The tool's name at its servlet or server, and which one that was: a decision is about no other.
  ADD COLUMN own_tool text,
  ADD COLUMN server text,
  -- The rule that asked, for people.
  ADD COLUMN rule text,
  -- When time was given once more, since nobody had been reminded.
  ADD COLUMN extended_at timestamptz;

-- Callbacks are also told of calls about which nobody decided in time.
ALTER TABLE task_callback
  DROP CONSTRAINT task_callback_events_check,
  ADD CONSTRAINT task_callback_events_check CHECK (events <> '{}' AND events <@ ARRAY['run.ready', 'run.error',
    'credential.expiring', 'credential.failing', 'schedule.paused', 'schedule.missed', 'watch.missed', 'watch.recovered',
    'approval.requested', 'approval.expiring', 'approval.expired']);
