-- How often a run was taken up again after it waited for persons, a budget or a rate: that is no further attempt.
ALTER TABLE run ADD COLUMN resumptions integer NOT NULL DEFAULT 0;
