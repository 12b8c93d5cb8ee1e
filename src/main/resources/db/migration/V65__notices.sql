-- Rules of a profile: which events of which tasks are told to which channel.
CREATE TABLE notice (
  id uuid PRIMARY KEY,
  profile_id uuid NOT NULL REFERENCES profile ON DELETE CASCADE,
  name text NOT NULL,
  events text[] NOT NULL,
  -- The name of the channel, which may be missing meanwhile.
  channel text NOT NULL,
  -- The names of the tasks; NULL for all.
  tasks text[],
  errors_in_a_row integer NOT NULL,
  at_most_per_hour integer,
  include text[] NOT NULL,
  enabled boolean NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  modified_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (profile_id, name)
);

-- The outbox: what happened that a rule may want, until a process has decided who is told. Rows live for a second or
-- so, and what they name may be gone by then; foreign keys would lock it for nothing.
CREATE TABLE notice_event (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  profile_id uuid NOT NULL,
  task_id uuid,
  run_id bigint,
  installation text,
  event text NOT NULL,
  happened_at timestamptz NOT NULL,
  noted_at timestamptz NOT NULL DEFAULT now(),
  -- How many runs of the task have failed in a row, this one included.
  failures integer,
  -- A JSON object.
  details text
);
CREATE INDEX notice_event_task ON notice_event (task_id);

-- The tasks whose last run failed, for rules that count failures or tell of a recovery.
CREATE TABLE notice_failing (
  notice_id uuid NOT NULL REFERENCES notice ON DELETE CASCADE,
  task_id uuid NOT NULL REFERENCES task ON DELETE CASCADE,
  since timestamptz NOT NULL,
  failures integer NOT NULL,
  -- The newest run that failed.
  run_id bigint NOT NULL,
  -- Whether the rule told of so many failures in a row as it asks for.
  told boolean NOT NULL DEFAULT false,
  PRIMARY KEY (notice_id, task_id)
);
CREATE INDEX notice_failing_task ON notice_failing (task_id);

-- When messages were made, for the limits of an hour. A rule that is deleted and made again has the same limits.
CREATE TABLE notice_sent (
  at timestamptz NOT NULL DEFAULT now(),
  profile_id uuid NOT NULL,
  address_digest bytea NOT NULL,
  notice_id uuid NOT NULL
);
CREATE INDEX notice_sent_at ON notice_sent (at);
CREATE INDEX notice_sent_profile ON notice_sent (profile_id, at);
CREATE INDEX notice_sent_address ON notice_sent (address_digest, at);

-- What a limit of an hour holds back, to be told in one message later.
CREATE TABLE notice_held (
  notice_id uuid NOT NULL REFERENCES notice ON DELETE CASCADE,
  -- The name of the task or the installation.
  subject text NOT NULL,
  event text NOT NULL,
  number bigint NOT NULL,
  first_at timestamptz NOT NULL,
  last_at timestamptz NOT NULL,
  -- The deepest run among them, so that a message that starts a run passes its depth on.
  run_id bigint,
  PRIMARY KEY (notice_id, subject, event)
);

-- A delivery goes to a callback, or to the channel of a notice. A process of the version before passes over those of
-- notices, since no callback has them. The channel has no foreign key: an index of this large table would be needed.
ALTER TABLE callback_delivery
  ALTER COLUMN callback_id DROP NOT NULL,
  ADD COLUMN notice_id uuid,
  ADD COLUMN channel_id uuid,
  -- What is told, a JSON object.
  ADD COLUMN message text,
  DROP CONSTRAINT callback_delivery_subject_check,
  ADD CONSTRAINT callback_delivery_notice FOREIGN KEY (notice_id) REFERENCES notice ON DELETE CASCADE NOT VALID,
  ADD CONSTRAINT callback_delivery_subject_check CHECK (notice_id IS NOT NULL OR (
    (run_id IS NOT NULL) = (event LIKE 'run.%') AND (installation IS NOT NULL) = (event LIKE 'credential.%'))) NOT VALID,
  ADD CONSTRAINT callback_delivery_target_check CHECK ((callback_id IS NULL) = (notice_id IS NOT NULL)
    AND (notice_id IS NULL) = (channel_id IS NULL) AND (notice_id IS NULL) = (message IS NULL)) NOT VALID;
