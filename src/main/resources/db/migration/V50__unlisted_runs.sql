-- run_listed takes its place. Lists of the version before are slower until its last process has ended.
DROP INDEX CONCURRENTLY IF EXISTS run_by_task_and_status;
