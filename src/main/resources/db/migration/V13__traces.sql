-- The trace that a run was asked for in (W3C Trace Context), for whichever process works it. An
-- older process leaves it out.
ALTER TABLE run ADD COLUMN traceparent text;
