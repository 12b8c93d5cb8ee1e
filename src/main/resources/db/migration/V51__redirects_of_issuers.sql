-- Each authorization server gets a redirect address of its own, so that no answer of one passes for that of another.

-- Clients that were registered by hand before have the address that all share, and keep it until another one is set.
-- A process of the version before sets such clients, too.
ALTER TABLE mcp_credential ADD COLUMN shares_redirect boolean NOT NULL DEFAULT true;

-- Registrations are made for each user; null for those of the version before, which all users shared.
ALTER TABLE mcp_registration ADD COLUMN account_id uuid REFERENCES account ON DELETE CASCADE;
CREATE INDEX mcp_registration_account ON mcp_registration (account_id) WHERE account_id IS NOT NULL;
