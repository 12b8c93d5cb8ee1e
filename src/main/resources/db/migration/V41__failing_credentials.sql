ALTER TABLE mcp_credential
  -- Since when it could not be renewed, and when that was tried last.
  ADD COLUMN failing_since timestamptz,
  ADD COLUMN tried_at timestamptz,
  -- Whether the tools that the server lists when it is connected next are pinned, as it is another one.
  ADD COLUMN pins_next boolean NOT NULL DEFAULT false;
