-- Users besides the admin, what they may do, and who shares a profile.
ALTER TABLE account
  ADD COLUMN role text NOT NULL DEFAULT 'member',
  -- A person signs in; a service only owns tokens.
  ADD COLUMN kind text NOT NULL DEFAULT 'person',
  ADD COLUMN email text,
  -- Nothing of a disabled user is accepted or started.
  ADD COLUMN disabled_at timestamptz;
ALTER TABLE account ADD CONSTRAINT account_role CHECK (role IN ('admin', 'member')) NOT VALID;
ALTER TABLE account ADD CONSTRAINT account_kind CHECK (kind IN ('person', 'service')) NOT VALID;
UPDATE account SET role = 'admin' WHERE username = 'admin';

-- Sessions are few: the table may be rewritten.
ALTER TABLE session ADD COLUMN id uuid NOT NULL DEFAULT gen_random_uuid();
CREATE UNIQUE INDEX session_id ON session (id);

CREATE TABLE profile_member (
  profile_id uuid NOT NULL REFERENCES profile ON DELETE CASCADE,
  account_id uuid NOT NULL REFERENCES account ON DELETE CASCADE,
  role text NOT NULL CHECK (role IN ('viewer', 'runner', 'editor', 'owner')),
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (profile_id, account_id)
);
CREATE INDEX profile_member_account ON profile_member (account_id);
