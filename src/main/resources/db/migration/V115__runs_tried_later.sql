-- The runs that failed and are tried again later, which the home of their profile tells. Few runs are.
DROP INDEX CONCURRENTLY IF EXISTS run_tried_later;
CREATE INDEX CONCURRENTLY run_tried_later ON run (profile_id, scheduled_at) WHERE status = 'pending' AND later_tries > 0;
