-- Who signs in by OIDC. Issuer and subject name a person; names and addresses of mail change hands.
CREATE TABLE oidc_identity (
  issuer text NOT NULL,
  subject text NOT NULL,
  account_id uuid NOT NULL REFERENCES account ON DELETE CASCADE,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (issuer, subject)
);
CREATE INDEX oidc_identity_account ON oidc_identity (account_id);

-- Sessions that began so, and the SHA-256 of what the provider calls its own session.
ALTER TABLE session
  ADD COLUMN oidc_issuer text,
  ADD COLUMN oidc_sid bytea;
CREATE INDEX session_oidc_sid ON session (oidc_sid) WHERE oidc_sid IS NOT NULL;

-- Logout tokens that came, as the SHA-256 of issuer and id: none counts twice.
CREATE TABLE oidc_logout (
  token_id bytea PRIMARY KEY CHECK (octet_length(token_id) = 32),
  expires_at timestamptz NOT NULL
);
CREATE INDEX oidc_logout_expires ON oidc_logout (expires_at);

-- What the provider's groups say, and no owner has decided.
ALTER TABLE profile_member ADD COLUMN by_group boolean NOT NULL DEFAULT false;
