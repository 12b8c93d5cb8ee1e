-- The runs of a task by status, newest first, for lists alone. No run has another id, and the condition keeps the
-- queue's statements away, which do not state it: they look for runs of one task that wait, too, and while the
-- planner does not know how many wait, it took the lists' index for theirs and read all of them.
DROP INDEX CONCURRENTLY IF EXISTS run_listed;
CREATE INDEX CONCURRENTLY run_listed ON run (task_id, status, (-id)) WHERE id > 0;
