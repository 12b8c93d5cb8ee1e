-- Which events there are, the service alone says: it checks them where a callback is put, and an event may be about a run, a connection or neither,
-- whatever it is called. Deliveries are locked first, as by whatever adds one.
ALTER TABLE callback_delivery DROP CONSTRAINT callback_delivery_subject_check;
ALTER TABLE task_callback
  DROP CONSTRAINT task_callback_events_check,
  ADD CONSTRAINT task_callback_events_check CHECK (events <> '{}');
