-- Where the notices of a profile are sent.
CREATE TABLE channel (
  id uuid PRIMARY KEY,
  profile_id uuid NOT NULL REFERENCES profile ON DELETE CASCADE,
  name text NOT NULL,
  kind text NOT NULL,
  -- An e-mail address or a URL, and what signs or authorizes a message, each sealed for this row.
  address_sealed bytea NOT NULL,
  secret_sealed bytea,
  -- What viewers see of the address: the domain of an e-mail address, or the server of a URL.
  address_hint text NOT NULL,
  -- A digest by which messages to one address are counted, whatever channels have it.
  address_digest bytea NOT NULL,
  -- When the recipient confirmed it; kinds that need no confirmation have the time of registration.
  confirmed_at timestamptz,
  -- A digest of the code in the message that asks for the confirmation.
  confirmation bytea UNIQUE,
  confirmation_sent_at timestamptz,
  base_url text,
  disabled_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  modified_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (profile_id, name)
);
-- The mails of the last day that asked for a confirmation, by which they are limited. A row stays when its channel or
-- profile is deleted.
CREATE TABLE channel_confirmation (
  id uuid PRIMARY KEY,
  address_digest bytea NOT NULL,
  asked_by uuid NOT NULL,
  sent_at timestamptz NOT NULL
);
CREATE INDEX channel_confirmation_sent ON channel_confirmation (sent_at);
CREATE INDEX channel_address ON channel (address_digest);
