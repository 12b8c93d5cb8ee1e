-- Callbacks are told of schedules that stop or miss times, and of what a task's watch misses, which concern no run.
ALTER TABLE task_callback
  DROP CONSTRAINT task_callback_events_check,
  ADD CONSTRAINT task_callback_events_check CHECK (events <> '{}' AND events <@ ARRAY['run.ready', 'run.error',
    'credential.expiring', 'credential.failing', 'schedule.paused', 'schedule.missed', 'watch.missed', 'watch.recovered']);

ALTER TABLE callback_delivery
  DROP CONSTRAINT callback_delivery_event_check,
  ADD CONSTRAINT callback_delivery_event_check CHECK (event IN ('run.ready', 'run.error', 'credential.expiring',
    'credential.failing', 'schedule.paused', 'schedule.missed', 'watch.missed', 'watch.recovered')) NOT VALID;
