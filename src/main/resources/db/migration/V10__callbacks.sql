-- Whom a task tells of the ends of its runs, and what was told.

CREATE TABLE task_callback (
  id uuid PRIMARY KEY,
  task_id uuid NOT NULL REFERENCES task ON DELETE CASCADE,
  url text NOT NULL CHECK (char_length(url) <= 2048),
  events text[] NOT NULL CHECK (events <> '{}' AND events <@ ARRAY['run.ready', 'run.error']),
  -- A JSON array of texts, sealed for this row.
  secrets_sealed bytea NOT NULL,
  secret_hints text[] NOT NULL CHECK (array_position(secret_hints, NULL) IS NULL),
  -- Under which address the service was reached when this was asked for: nobody asks for a delivery.
  base_url text,
  disabled_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  modified_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (task_id, url)
);

CREATE TABLE callback_delivery (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  callback_id uuid NOT NULL REFERENCES task_callback ON DELETE CASCADE,
  run_id bigint NOT NULL REFERENCES run ON DELETE CASCADE,
  event text NOT NULL CHECK (event IN ('run.ready', 'run.error')),
  happened_at timestamptz NOT NULL,
  state text NOT NULL DEFAULT 'pending'
    CHECK (state IN ('pending', 'delivered', 'failed', 'cancelled')),
  attempt integer NOT NULL DEFAULT 0 CHECK (attempt >= 0),
  -- The attempts before it was last asked for: the waits between attempts begin anew then.
  attempts_before integer NOT NULL DEFAULT 0 CHECK (attempts_before BETWEEN 0 AND attempt),
  due_at timestamptz NOT NULL DEFAULT now(),
  lease_until timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  ended_at timestamptz,
  CHECK ((state = 'pending') = (ended_at IS NULL)),
  CHECK (state = 'pending' OR lease_until IS NULL)
);
CREATE INDEX callback_delivery_due ON callback_delivery (due_at) WHERE state = 'pending';
CREATE INDEX callback_delivery_newest ON callback_delivery (callback_id, created_at DESC);
CREATE INDEX callback_delivery_run ON callback_delivery (run_id);
CREATE INDEX callback_delivery_ended ON callback_delivery (ended_at) WHERE state <> 'pending';

CREATE TABLE callback_attempt (
  delivery_id uuid NOT NULL REFERENCES callback_delivery ON DELETE CASCADE,
  number integer NOT NULL CHECK (number > 0),
  at timestamptz NOT NULL DEFAULT now(),
  status integer,
  error text,
  took_ms integer NOT NULL CHECK (took_ms >= 0),
  PRIMARY KEY (delivery_id, number)
);

-- Whatever statement ends a run, what is to be told of it is kept by the same commit. The lock makes
-- it wait for a callback that is just being removed, which is none then, instead of pointing at it.
CREATE FUNCTION keep_callbacks() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO callback_delivery (callback_id, run_id, event, happened_at)
  SELECT id, NEW.id, 'run.' || NEW.status, NEW.finished_at FROM task_callback
  WHERE task_id = NEW.task_id AND disabled_at IS NULL AND 'run.' || NEW.status = ANY (events)
  FOR KEY SHARE;
  RETURN NULL;
END $$;

CREATE TRIGGER run_ended AFTER UPDATE OF status ON run FOR EACH ROW
  WHEN (OLD.status IN ('pending', 'running') AND NEW.status IN ('ready', 'error'))
  EXECUTE FUNCTION keep_callbacks();
