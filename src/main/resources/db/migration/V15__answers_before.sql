-- The newest ready run of a schedule, for prompts that name the answer before. Only schedules give
-- names with @, which end the schedule's own.
CREATE INDEX run_ready_of_schedule ON run (task_id, split_part(name, '@', 1), (-id))
  WHERE status = 'ready' AND position('@' IN name) > 0;
