-- Starts the runs of schedules with the same times one after another. A version that does not know the columns fires at the times
-- themselves: due_at is without the offset.
ALTER TABLE schedule
  ADD COLUMN spread_seconds bigint NOT NULL DEFAULT 0 CHECK (spread_seconds >= 0),
  ADD COLUMN spread_offset_seconds bigint NOT NULL DEFAULT 0 CHECK (spread_offset_seconds >= 0);
