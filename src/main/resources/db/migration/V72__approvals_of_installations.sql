-- Which calls of its tools wait until a person approves them, by tool, as JSON; null where none does.
ALTER TABLE installation ADD COLUMN approvals text CHECK (json_typeof(approvals::json) = 'object');
