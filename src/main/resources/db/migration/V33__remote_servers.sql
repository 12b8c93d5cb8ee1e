-- Remote MCP servers, installed as servlets are.

-- Their tools as they were pinned, kept once per digest. Used last: what nothing names is removed later, as a run that
-- began with it may go on.
CREATE TABLE mcp_tool_set (
  digest text PRIMARY KEY CHECK (digest = encode(sha256(convert_to(tools, 'UTF8')), 'hex')),
  tools text NOT NULL,
  used_at timestamptz NOT NULL
);

-- An installation has the tools of a servlet, by the address of its bytes, or those of a remote server, by their digest.
ALTER TABLE installation
  ALTER COLUMN servlet_id DROP NOT NULL,
  DROP CONSTRAINT installation_address_fkey,
  ADD COLUMN servlet_address text
    GENERATED ALWAYS AS (CASE WHEN servlet_id IS NOT NULL THEN address END) STORED REFERENCES servlet_content,
  ADD COLUMN tools_digest text
    GENERATED ALWAYS AS (CASE WHEN servlet_id IS NULL THEN address END) STORED REFERENCES mcp_tool_set,
  -- Whether its tools are off until somebody accepts what they became.
  ADD COLUMN suspended boolean NOT NULL DEFAULT false;
CREATE INDEX installation_tools ON installation (tools_digest) WHERE tools_digest IS NOT NULL;

CREATE TABLE mcp_server (
  installation_id uuid PRIMARY KEY REFERENCES installation ON DELETE CASCADE,
  url text NOT NULL,
  auth text NOT NULL CHECK (auth IN ('none', 'headers')),
  headers_sealed bytea,
  header_names text[] NOT NULL CHECK (array_position(header_names, NULL) IS NULL),
  -- The revision of the protocol that it spoke last.
  revision text NOT NULL,
  on_change text NOT NULL CHECK (on_change IN ('hold', 'accept', 'disable')),
  left_out text[] NOT NULL,
  -- Tools that wait for being accepted.
  change_digest text REFERENCES mcp_tool_set,
  changed_at timestamptz,
  failure text,
  -- Whether it refused the credentials last.
  refused boolean NOT NULL DEFAULT false,
  checked_at timestamptz NOT NULL,
  next_check_at timestamptz NOT NULL,
  CHECK ((headers_sealed IS NULL) = (header_names = '{}')),
  CHECK ((headers_sealed IS NULL) = (auth = 'none')),
  CHECK ((change_digest IS NULL) = (changed_at IS NULL))
);
CREATE INDEX mcp_server_due ON mcp_server (next_check_at);
CREATE INDEX mcp_server_change ON mcp_server (change_digest) WHERE change_digest IS NOT NULL;
