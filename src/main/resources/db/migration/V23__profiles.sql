-- Profiles that were renamed are found by their former names, until another profile has such a name.
CREATE TABLE profile_alias (
  account_id uuid NOT NULL REFERENCES account ON DELETE CASCADE,
  name text NOT NULL,
  profile_id uuid NOT NULL REFERENCES profile ON DELETE CASCADE,
  PRIMARY KEY (account_id, name)
);
CREATE INDEX profile_alias_profile ON profile_alias (profile_id);

CREATE INDEX profile_public ON profile (account_id, name) WHERE is_public;
