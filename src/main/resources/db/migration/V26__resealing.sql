-- Changing the master key while the service runs.

-- By what addresses of triggers are signed, sealed: they outlive the master key.
CREATE TABLE signing_key (
  purpose text PRIMARY KEY,
  sealed bytea NOT NULL
);

-- The one rotation of keys that goes on, or was the last.
CREATE TABLE resealing (
  id smallint PRIMARY KEY CHECK (id = 1),
  -- The id of the key that everything is to be sealed with.
  key_id text NOT NULL,
  total bigint NOT NULL CHECK (total >= 0),
  done bigint NOT NULL CHECK (done >= 0),
  -- What no key opens.
  failed bigint NOT NULL CHECK (failed >= 0),
  started_at timestamptz NOT NULL,
  finished_at timestamptz
);
