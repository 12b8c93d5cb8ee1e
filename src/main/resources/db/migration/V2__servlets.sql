-- The registry of servlets, their versions by content address, and what is installed where.

-- Bytes are kept once, however many versions share them.
CREATE TABLE servlet_content (
  address text PRIMARY KEY CHECK (address ~ '^[0-9a-f]{64}$'),
  wasm bytea NOT NULL CHECK (address = encode(sha256(wasm), 'hex')),
  tools text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE servlet (
  id uuid PRIMARY KEY,
  owner text NOT NULL CHECK (owner ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$'),
  name text NOT NULL CHECK (name ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$'),
  description text NOT NULL DEFAULT '',
  visibility text NOT NULL CHECK (visibility IN ('public', 'private')),
  created_at timestamptz NOT NULL DEFAULT now(),
  modified_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (owner, name)
);

CREATE TABLE servlet_version (
  servlet_id uuid NOT NULL REFERENCES servlet ON DELETE CASCADE,
  number integer NOT NULL CHECK (number > 0),
  address text NOT NULL REFERENCES servlet_content,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (servlet_id, number),
  UNIQUE (servlet_id, address)
);

CREATE TABLE installation (
  id uuid PRIMARY KEY,
  profile_id uuid NOT NULL REFERENCES profile ON DELETE CASCADE,
  servlet_id uuid NOT NULL REFERENCES servlet,
  name text NOT NULL CHECK (name ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$'),
  address text NOT NULL REFERENCES servlet_content,
  domains text[] NOT NULL DEFAULT '{}',
  created_at timestamptz NOT NULL DEFAULT now(),
  modified_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (profile_id, name)
);
CREATE INDEX installation_servlet ON installation (servlet_id);
