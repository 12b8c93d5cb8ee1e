-- The runs of a profile, newest first, whatever their tasks and statuses are. Neither column changes, so that
-- updates of a run cost no more than before.
CREATE INDEX run_by_profile ON run (profile_id, (-id));
