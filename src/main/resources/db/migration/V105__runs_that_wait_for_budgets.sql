-- The runs that wait for a budget, which are woken when it changes. Few runs do.
DROP INDEX CONCURRENTLY IF EXISTS run_waits_budget;
CREATE INDEX CONCURRENTLY run_waits_budget ON run (waits_budget) WHERE waits_budget IS NOT NULL;
