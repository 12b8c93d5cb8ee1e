-- Callbacks are told of tool calls that wait for a person, which concern a run that has not ended. Deliveries are
-- locked first, as by whatever adds one.
ALTER TABLE callback_delivery
  DROP CONSTRAINT callback_delivery_subject_check,
  ADD CONSTRAINT callback_delivery_subject_check CHECK (notice_id IS NOT NULL OR (
    (run_id IS NOT NULL) = (event LIKE 'run.%' OR event LIKE 'approval.%')
    AND (installation IS NOT NULL) = (event LIKE 'credential.%'))) NOT VALID;
ALTER TABLE task_callback
  DROP CONSTRAINT task_callback_events_check,
  ADD CONSTRAINT task_callback_events_check CHECK (events <> '{}' AND events <@ ARRAY['run.ready', 'run.error',
    'credential.expiring', 'credential.failing', 'schedule.paused', 'schedule.missed', 'watch.missed', 'watch.recovered',
    'approval.requested', 'approval.expiring']);
