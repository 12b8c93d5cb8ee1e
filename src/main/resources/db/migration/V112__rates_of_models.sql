-- How often the server of a provider may be asked with its key; NULL where nothing limits that.
ALTER TABLE provider
  ADD COLUMN requests_per_minute integer,
  ADD COLUMN tokens_per_minute bigint,
  ADD COLUMN concurrency integer;

-- Whether it waits for its turn to ask its model while it is pending.
ALTER TABLE run ADD COLUMN waits_rate boolean;

-- What requests to a server with one key have used, and in another row those for one model of it.
CREATE TABLE model_rate (
  -- A keyed digest of server and key, or of server, key and model.
  id bytea PRIMARY KEY,
  -- The place of the last request, and how many tokens of the rate were in use at a time.
  requests_at timestamptz,
  tokens_owed double precision NOT NULL DEFAULT 0,
  tokens_at timestamptz,
  -- The start tag of the request that waited and was called last: runs that wait are called in their order.
  turn bigint NOT NULL DEFAULT 0,
  -- Until when the server refuses; how often it has in a row, and when it did last.
  paused_until timestamptz,
  refusals integer NOT NULL DEFAULT 0,
  refused_at timestamptz,
  -- Seconds for a request and for a token, as the server says, and until when that counts.
  requests_interval double precision,
  tokens_interval double precision,
  learned_until timestamptz,
  -- Until when all processes ask here before requests for the model, though no rate is given.
  active_until timestamptz
) WITH (fillfactor = 50);

-- The runs that wait, each in the line of its key.
CREATE TABLE rate_wait (
  run_id bigint PRIMARY KEY,
  rate_id bytea NOT NULL REFERENCES model_rate ON DELETE CASCADE,
  model_id bytea NOT NULL,
  -- The provider whose rate holds; NULL for none.
  provider_id uuid,
  owner_id uuid NOT NULL,
  profile_id uuid NOT NULL,
  -- The most tokens of its request; 0 where they are not counted.
  tokens bigint NOT NULL,
  since timestamptz NOT NULL DEFAULT now(),
  asked_at timestamptz NOT NULL DEFAULT now(),
  -- When its turn came; it has half a minute to use it.
  called_at timestamptz
) WITH (fillfactor = 50);
CREATE INDEX rate_wait_of_rate ON rate_wait (rate_id);

-- Requests that were sent and have not been answered, one of each run. It goes with the attempt.
CREATE TABLE rate_hold (
  run_id bigint PRIMARY KEY,
  attempt integer NOT NULL,
  -- Tells it from the others of the run: the end of one may be written after the next was sent.
  call bigint NOT NULL,
  rate_id bytea NOT NULL REFERENCES model_rate ON DELETE CASCADE,
  model_id bytea NOT NULL,
  -- The tokens that are charged.
  tokens bigint NOT NULL,
  held_at timestamptz NOT NULL DEFAULT now()
) WITH (fillfactor = 50);
CREATE INDEX rate_hold_of_rate ON rate_hold (rate_id);

-- Whose turn was when, of users and of profiles.
CREATE TABLE rate_turn (
  rate_id bytea NOT NULL REFERENCES model_rate ON DELETE CASCADE,
  member uuid NOT NULL,
  -- The start tag of the next one.
  tag bigint NOT NULL,
  -- Of a user: that of the profile whose turn was last.
  inside bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (rate_id, member)
) WITH (fillfactor = 50);
