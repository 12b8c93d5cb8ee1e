-- Links that sign a user in once, such as the one that a start in development prints.

CREATE TABLE start_link (
  token_hash bytea PRIMARY KEY CHECK (octet_length(token_hash) = 32),
  account_id uuid NOT NULL REFERENCES account ON DELETE CASCADE,
  expires_at timestamptz NOT NULL
);
CREATE INDEX start_link_account ON start_link (account_id);
