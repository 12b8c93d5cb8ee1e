-- The condition in CEL that a delivery must meet to start a run; NULL where each one does.
ALTER TABLE task_trigger ADD COLUMN condition text;
-- The names of the header fields, in lower case, that the condition and the prompts of its runs may read.
ALTER TABLE task_trigger ADD COLUMN headers text[] NOT NULL DEFAULT '{}' CHECK (array_position(headers, NULL) IS NULL);

-- A delivery that does not meet it starts nothing: its message says why, and it has no error.
ALTER TABLE trigger_delivery
  DROP CONSTRAINT trigger_delivery_verdict_check,
  ADD CONSTRAINT trigger_delivery_verdict_check
    CHECK (verdict IN ('started', 'known', 'filtered', 'challenged', 'failed', 'refused')) NOT VALID,
  DROP CONSTRAINT trigger_delivery_check1,
  ADD CONSTRAINT trigger_delivery_message_check
    CHECK ((verdict IN ('filtered', 'failed', 'refused')) = (message IS NOT NULL)) NOT VALID;
