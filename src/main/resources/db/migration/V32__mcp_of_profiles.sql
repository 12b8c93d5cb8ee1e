-- What a profile shows to chats by the Model Context Protocol. Constant defaults rewrite no rows.
ALTER TABLE profile
  ADD COLUMN mcp_tasks boolean NOT NULL DEFAULT true,
  ADD COLUMN mcp_tools boolean NOT NULL DEFAULT true,
  ADD COLUMN mcp_manage boolean NOT NULL DEFAULT false;
