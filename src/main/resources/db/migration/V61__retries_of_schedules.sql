-- The waits before each further try of a run whose model can't be reached, as ISO 8601 with spaces between them, or 'never'. NULL is
-- the default, which is what schedules of the version before have.
ALTER TABLE schedule ADD COLUMN retry text CHECK (retry <> '');
-- How often a run was put off to a later try.
ALTER TABLE run ADD COLUMN later_tries integer NOT NULL DEFAULT 0;
