-- The authorization server for MCP: clients, what users grant them, and the tokens of that.

CREATE TABLE oauth_client (
  id uuid PRIMARY KEY,
  -- What the client calls itself in requests: a name by hand, a random text, or the address of its document.
  client_id text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('manual', 'registered', 'document')),
  name text NOT NULL,
  redirect_uris text[] NOT NULL CHECK (cardinality(redirect_uris) > 0),
  -- The SHA-256 of its secret; NULL for one without.
  secret_hash bytea CHECK (octet_length(secret_hash) = 32),
  created_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX oauth_client_id ON oauth_client (client_id);
CREATE INDEX oauth_client_kind ON oauth_client (kind, created_at);

CREATE TABLE oauth_grant (
  id uuid PRIMARY KEY,
  account_id uuid NOT NULL REFERENCES account ON DELETE CASCADE,
  client_id uuid NOT NULL REFERENCES oauth_client ON DELETE CASCADE,
  scopes text[] NOT NULL CHECK (cardinality(scopes) > 0),
  -- What it is limited to; NULL where it is not. Ids of deleted profiles stay, so that the last one to go lifts no limit.
  profile_ids uuid[] CHECK (cardinality(profile_ids) > 0),
  -- The one address at which its tokens are good, such as /mcp.
  resource text NOT NULL,
  -- The SHA-256 of its code, good for once; one that comes again ends the grant.
  code_hash bytea NOT NULL CHECK (octet_length(code_hash) = 32),
  code_expires_at timestamptz NOT NULL,
  code_used_at timestamptz,
  redirect_uri text NOT NULL,
  -- The code challenge (RFC 7636), by S256.
  challenge text NOT NULL,
  created_at timestamptz NOT NULL,
  -- Moved by each refresh; until the code is used, the end of that.
  expires_at timestamptz NOT NULL,
  last_used_at timestamptz
);
CREATE UNIQUE INDEX oauth_grant_code ON oauth_grant (code_hash);
CREATE INDEX oauth_grant_account ON oauth_grant (account_id);
CREATE INDEX oauth_grant_client ON oauth_grant (client_id);
CREATE INDEX oauth_grant_expires ON oauth_grant (expires_at);

-- Only the SHA-256 of a token is stored.
CREATE TABLE oauth_token (
  token_hash bytea PRIMARY KEY CHECK (octet_length(token_hash) = 32),
  grant_id uuid NOT NULL REFERENCES oauth_grant ON DELETE CASCADE,
  kind text NOT NULL CHECK (kind IN ('access', 'refresh')),
  -- Of an access token; a refresh may ask for fewer than the grant has.
  scopes text[] NOT NULL,
  expires_at timestamptz NOT NULL,
  -- When a refresh token was used; one that is used again ends its grant.
  used_at timestamptz
);
CREATE INDEX oauth_token_grant ON oauth_token (grant_id);
CREATE INDEX oauth_token_expires ON oauth_token (expires_at);
