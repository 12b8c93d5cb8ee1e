-- Tokens of OAuth for remote MCP servers, which a person gets by connecting them.

ALTER TABLE mcp_server
  DROP CONSTRAINT mcp_server_auth_check,
  DROP CONSTRAINT mcp_server_check1,
  ADD CONSTRAINT mcp_server_auth_check CHECK (auth IN ('none', 'headers', 'oauth')),
  ADD CONSTRAINT mcp_server_headers_check CHECK ((headers_sealed IS NULL) = (auth <> 'headers'));

CREATE TABLE mcp_credential (
  installation_id uuid PRIMARY KEY REFERENCES mcp_server ON DELETE CASCADE,
  -- The authorization server that the MCP server named last. A client that was made by hand is one of this issuer.
  issuer text NOT NULL,
  client_id text,
  client_secret_sealed bytea,
  -- The scopes that are to be asked for; without them, what the server says.
  asked_scope text,
  -- Those that a call lacked, to be asked for as well.
  lacked_scope text,
  tokens_sealed bytea,
  scope text,
  expires_at timestamptz,
  has_refresh boolean NOT NULL DEFAULT false,
  connected_by uuid REFERENCES account ON DELETE SET NULL,
  connected_at timestamptz,
  -- Why it could not be renewed last, and whether trying again helps nothing.
  failure text,
  failed boolean NOT NULL DEFAULT false,
  refresh_at timestamptz,
  -- Until then, one process renews it.
  refreshing_until timestamptz,
  CHECK (client_id IS NOT NULL OR client_secret_sealed IS NULL),
  CHECK ((tokens_sealed IS NULL) = (connected_at IS NULL)),
  CHECK (tokens_sealed IS NOT NULL OR (refresh_at IS NULL AND NOT has_refresh)),
  CHECK (failure IS NOT NULL OR NOT failed)
);
CREATE INDEX mcp_credential_due ON mcp_credential (refresh_at) WHERE refresh_at IS NOT NULL;
CREATE INDEX mcp_credential_connected_by ON mcp_credential (connected_by) WHERE connected_by IS NOT NULL;

-- As whom this service is registered with an issuer.
CREATE TABLE mcp_registration (
  id uuid PRIMARY KEY,
  issuer text NOT NULL,
  redirect_uri text NOT NULL,
  client_sealed bytea NOT NULL,
  expires_at timestamptz,
  created_at timestamptz NOT NULL,
  UNIQUE (issuer, redirect_uri)
);

-- People who are at an authorization server, to come back with a code.
CREATE TABLE mcp_connect (
  state_digest bytea PRIMARY KEY CHECK (octet_length(state_digest) = 32),
  installation_id uuid NOT NULL REFERENCES mcp_credential ON DELETE CASCADE,
  account_id uuid NOT NULL REFERENCES account ON DELETE CASCADE,
  flow_sealed bytea NOT NULL,
  expires_at timestamptz NOT NULL
);
CREATE INDEX mcp_connect_installation ON mcp_connect (installation_id, expires_at);
CREATE INDEX mcp_connect_account ON mcp_connect (account_id);
CREATE INDEX mcp_connect_expiry ON mcp_connect (expires_at);
