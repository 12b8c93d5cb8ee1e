-- How users sign in, and where from.
ALTER TABLE account
  ADD COLUMN password_hash text;

-- A session that is used goes on, until it ends for good.
ALTER TABLE session
  ADD COLUMN ends_at timestamptz,
  ADD COLUMN last_used_at timestamptz,
  ADD COLUMN device text,
  ADD COLUMN address text;

-- Links by which users choose a password, each good for once. Only the hash of a link's code is kept.
CREATE TABLE invitation (
  code_hash bytea PRIMARY KEY CHECK (octet_length(code_hash) = 32),
  account_id uuid NOT NULL REFERENCES account ON DELETE CASCADE,
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL
);
CREATE INDEX invitation_account ON invitation (account_id);
