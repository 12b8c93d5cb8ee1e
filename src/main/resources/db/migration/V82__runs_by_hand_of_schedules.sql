-- The runs of a schedule that persons started at once, newest first, for its page and the calendar. Only schedules
-- give names with @. Few runs are such ones.
DROP INDEX CONCURRENTLY IF EXISTS run_by_hand;
CREATE INDEX CONCURRENTLY run_by_hand ON run (task_id, split_part(name, '@', 1), (-id))
  WHERE position('@manual-' IN name) > 0;
