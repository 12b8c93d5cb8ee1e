-- From where a client registered itself, as a /24 or /48; NULL for other clients, and for those of before.
ALTER TABLE oauth_client ADD COLUMN network text;
