-- Which runners there are is what the ports of a version say. A version that does not know the runner of a task keeps
-- and shows its settings, and leaves its runs to others.
ALTER TABLE task DROP CONSTRAINT task_runner_check;
ALTER TABLE provider DROP CONSTRAINT provider_runner_check;
