-- What starts runs from outside: addresses that take requests, and what came to them.

-- While it is set, nothing starts a run in the profile.
ALTER TABLE profile ADD COLUMN paused_at timestamptz;

CREATE TABLE task_trigger (
  id uuid PRIMARY KEY,
  task_id uuid NOT NULL REFERENCES task ON DELETE CASCADE,
  name text NOT NULL CHECK (name ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$'),
  scheme text NOT NULL
    CHECK (scheme IN ('url', 'standard-webhooks', 'github', 'stripe', 'slack', 'bearer')),
  -- A JSON array of texts, sealed for this row.
  secrets_sealed bytea,
  secret_hints text[] NOT NULL DEFAULT '{}' CHECK (array_position(secret_hints, NULL) IS NULL),
  tolerance_seconds integer NOT NULL CHECK (tolerance_seconds BETWEEN 1 AND 3600),
  rate_per_minute integer NOT NULL CHECK (rate_per_minute BETWEEN 1 AND 60000),
  max_body_bytes integer NOT NULL CHECK (max_body_bytes BETWEEN 1 AND 1048576),
  expires_at timestamptz,
  -- Up to when the rate is used up: each delivery moves it on by its share of a minute.
  used_until timestamptz NOT NULL DEFAULT now(),
  created_at timestamptz NOT NULL DEFAULT now(),
  modified_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (task_id, name),
  CHECK ((scheme = 'url') = (secrets_sealed IS NULL)),
  CHECK ((secrets_sealed IS NULL) = (secret_hints = '{}'))
);

CREATE TABLE trigger_delivery (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  trigger_id uuid NOT NULL REFERENCES task_trigger ON DELETE CASCADE,
  received_at timestamptz NOT NULL DEFAULT now(),
  sender text NOT NULL,
  verdict text NOT NULL
    CHECK (verdict IN ('started', 'known', 'challenged', 'failed', 'refused')),
  code text,
  message text,
  run_name text,
  content_type text,
  body_bytes integer NOT NULL CHECK (body_bytes >= 0),
  -- What is needed to do it again, sealed for this row's trigger; of no stranger's request.
  content_sealed bytea,
  replay_of bigint,
  CHECK ((verdict IN ('failed', 'refused')) = (code IS NOT NULL)),
  CHECK ((code IS NULL) = (message IS NULL)),
  CHECK (verdict NOT IN ('started', 'known') OR run_name IS NOT NULL),
  CHECK (verdict <> 'refused' OR content_sealed IS NULL)
);
-- Refused ones are counted apart, so that a stranger can't push the others out of the list.
CREATE INDEX trigger_delivery_newest ON trigger_delivery (trigger_id, (verdict = 'refused'), id DESC);
