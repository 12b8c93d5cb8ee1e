-- Providers: named, stored endpoints of models with their keys, which tasks share.
CREATE TABLE provider (
  id uuid PRIMARY KEY,
  -- Whose it is: a user's, for tasks in the user's own profiles, or a profile's, for its tasks.
  account_id uuid REFERENCES account ON DELETE CASCADE,
  profile_id uuid REFERENCES profile ON DELETE CASCADE,
  name text NOT NULL CHECK (name ~ '^[A-Za-z0-9._~-]{1,64}$'),
  runner text NOT NULL CHECK (runner IN ('openai')),
  -- The runner's settings that hold where a task says nothing.
  settings text NOT NULL,
  -- The server that the key is for; NULL is the configured one.
  base_url text,
  key_sealed bytea,
  key_hint text,
  created_at timestamptz NOT NULL,
  modified_at timestamptz NOT NULL,
  CHECK ((account_id IS NULL) <> (profile_id IS NULL)),
  CHECK ((key_sealed IS NULL) = (key_hint IS NULL))
);
CREATE UNIQUE INDEX provider_of_account ON provider (account_id, name) WHERE account_id IS NOT NULL;
CREATE UNIQUE INDEX provider_of_profile ON provider (profile_id, name) WHERE profile_id IS NOT NULL;

-- Deferred: a user's or a profile's deletion takes providers and tasks in any order.
ALTER TABLE task
  ADD COLUMN provider_id uuid REFERENCES provider DEFERRABLE INITIALLY DEFERRED,
  -- The server that the task's own key is for; NULL is the configured one.
  ADD COLUMN key_url text;
ALTER TABLE task ADD CONSTRAINT task_provider_or_key
  CHECK (provider_id IS NULL OR (key_sealed IS NULL AND key_url IS NULL AND deleted_at IS NULL)) NOT VALID;
CREATE INDEX task_provider ON task (provider_id) WHERE provider_id IS NOT NULL;

-- It is the last field of the settings, which are written without spaces.
UPDATE task SET key_url = substring(runner_settings FROM '"base_url":"([^"\\]+)"\}$')
WHERE key_sealed IS NOT NULL;
