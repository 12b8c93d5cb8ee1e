-- The link by which the first person sets the service up. There is one at most, that of the last start.
CREATE TABLE set_up_link (
  id int PRIMARY KEY DEFAULT 1 CHECK (id = 1),
  code_hash bytea NOT NULL CHECK (octet_length(code_hash) = 32),
  expires_at timestamptz NOT NULL
);
