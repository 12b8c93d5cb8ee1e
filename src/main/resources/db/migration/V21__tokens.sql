-- Tokens: what programs authenticate by. Only the SHA-256 of a token is stored.
CREATE TABLE token (
  id uuid PRIMARY KEY,
  account_id uuid NOT NULL REFERENCES account ON DELETE CASCADE,
  token_hash bytea NOT NULL,
  name text NOT NULL,
  scopes text[] NOT NULL CHECK (cardinality(scopes) > 0),
  -- What it is limited to; NULL where it is not. Ids of deleted profiles stay, so that the last one to go lifts no limit.
  profile_ids uuid[] CHECK (cardinality(profile_ids) > 0),
  -- As user/profile/task; the task need not exist.
  tasks text[] CHECK (cardinality(tasks) > 0),
  -- The token by which it was made, and with which it ends.
  made_by uuid REFERENCES token ON DELETE CASCADE,
  created_at timestamptz NOT NULL,
  expires_at timestamptz,
  last_used_at timestamptz
);
CREATE UNIQUE INDEX token_hash ON token (token_hash);
CREATE INDEX token_account ON token (account_id);
CREATE INDEX token_made_by ON token (made_by);
