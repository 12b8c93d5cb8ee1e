-- The triggers whose deliveries fail, which the home of their profile tells. Few do.
DROP INDEX CONCURRENTLY IF EXISTS task_trigger_failing;
CREATE INDEX CONCURRENTLY task_trigger_failing ON task_trigger (task_id, failing_since) WHERE failing_since IS NOT NULL;
