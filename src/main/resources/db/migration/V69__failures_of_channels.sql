-- When a message was last not accepted, and why, a sentence.
ALTER TABLE channel
  ADD COLUMN failed_at timestamptz,
  ADD COLUMN failure text;
