-- Whether a provider of OIDC has told at a sign-in that the address is the user's. Of addresses that came before,
-- nobody knows whether an admin wrote them: they count again from the next sign-in.
ALTER TABLE account ADD COLUMN email_verified boolean NOT NULL DEFAULT false;
