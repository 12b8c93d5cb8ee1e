-- What is to be done, and each time that it was done.

CREATE TABLE task (
  id uuid PRIMARY KEY,
  profile_id uuid NOT NULL REFERENCES profile ON DELETE CASCADE,
  name text NOT NULL CHECK (name ~ '^[A-Za-z0-9._~-]{1,128}$'),
  runner text NOT NULL CHECK (runner IN ('openai')),
  runner_settings text NOT NULL,
  settings text NOT NULL,
  key_sealed bytea,
  key_hint text,
  enabled boolean NOT NULL DEFAULT true,
  created_at timestamptz NOT NULL DEFAULT now(),
  modified_at timestamptz NOT NULL DEFAULT now(),
  deleted_at timestamptz,
  CHECK ((key_sealed IS NULL) = (key_hint IS NULL)),
  CHECK (deleted_at IS NULL OR key_sealed IS NULL)
);
-- A name is free again once its task is deleted; the runs of the old one stay what they were.
CREATE UNIQUE INDEX task_name ON task (profile_id, name) WHERE deleted_at IS NULL;

CREATE TABLE run (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  task_id uuid NOT NULL REFERENCES task,
  profile_id uuid NOT NULL REFERENCES profile ON DELETE CASCADE,
  name text NOT NULL CHECK (name ~ '^[^/[:cntrl:]]{1,255}$'),
  status text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'running', 'ready', 'error')),
  parameters text NOT NULL,
  -- What is fixed at the trigger: the runner's settings, the bounds; by installation, the content address.
  assignment text NOT NULL,
  servlets text NOT NULL DEFAULT '{}',
  trigger text NOT NULL,
  attempt integer NOT NULL DEFAULT 0 CHECK (attempt >= 0),
  depth integer NOT NULL DEFAULT 0 CHECK (depth >= 0),
  usage text NOT NULL DEFAULT '{"prompt_tokens":0,"completion_tokens":0,"total_tokens":0,"steps":0,"tool_calls":0,"model_ms":0,"tool_ms":0}',
  entry_count integer NOT NULL DEFAULT 0 CHECK (entry_count >= 0),
  output text,
  error_code text,
  error_message text,
  -- From when on it may be claimed; only a time given by somebody shows as scheduled_at.
  available_at timestamptz NOT NULL DEFAULT now(),
  scheduled_at timestamptz,
  lease_until timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  modified_at timestamptz NOT NULL DEFAULT now(),
  started_at timestamptz,
  finished_at timestamptz,
  UNIQUE (task_id, name),
  CHECK ((status = 'running') = (lease_until IS NOT NULL)),
  CHECK ((status IN ('ready', 'error')) = (finished_at IS NOT NULL)),
  CHECK ((status = 'error') = (error_code IS NOT NULL)),
  CHECK ((error_code IS NULL) = (error_message IS NULL)),
  CHECK (status = 'pending' OR attempt > 0 OR status = 'error'),
  CHECK (status <> 'running' OR started_at IS NOT NULL)
) WITH (fillfactor = 80);
-- Each index is only as wide as the live part, so that finished runs cost a claim nothing.
CREATE INDEX run_pending ON run (available_at, id) WHERE status = 'pending';
CREATE INDEX run_running ON run (lease_until) WHERE status = 'running';
CREATE INDEX run_queued_by_profile ON run (profile_id) WHERE status = 'pending';
CREATE INDEX run_newest_by_task ON run (task_id, id DESC);

CREATE TABLE run_entry (
  run_id bigint NOT NULL REFERENCES run ON DELETE CASCADE,
  seq integer NOT NULL CHECK (seq >= 0),
  entry text NOT NULL,
  PRIMARY KEY (run_id, seq)
);
