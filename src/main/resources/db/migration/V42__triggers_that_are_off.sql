-- While it is off, deliveries to its address are kept and start nothing.
ALTER TABLE task_trigger ADD COLUMN enabled boolean NOT NULL DEFAULT true;
