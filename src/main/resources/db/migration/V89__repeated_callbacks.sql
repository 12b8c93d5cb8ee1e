-- When deliveries of callbacks were repeated by request, for the limit of an hour of their profiles' owner.
CREATE TABLE callback_repeated (
  at timestamptz NOT NULL DEFAULT now(),
  owner_id uuid NOT NULL
);
CREATE INDEX callback_repeated_at ON callback_repeated (at);
