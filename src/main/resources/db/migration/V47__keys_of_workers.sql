-- Which master keys each process that works the queue knows, so that none is left behind when the key is changed.

-- The ids of the keys, the newest first; absent where an older version runs, which does not say it.
ALTER TABLE worker_process ADD COLUMN master_keys text[];
