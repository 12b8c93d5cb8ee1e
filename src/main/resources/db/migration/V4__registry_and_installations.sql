-- Servlets that people publish, and installations that they set up.

-- A new version that is yanked is passed over by what installs or follows the newest one.
ALTER TABLE servlet_version ADD COLUMN yanked_at timestamptz;
CREATE INDEX servlet_version_address ON servlet_version (address);

-- What a servlet says that it needs; an installer grants what it likes of it.
ALTER TABLE servlet
  ADD COLUMN required_domains text[] NOT NULL DEFAULT '{}'
    CHECK (array_position(required_domains, NULL) IS NULL),
  ADD COLUMN required_config text[] NOT NULL DEFAULT '{}'
    CHECK (array_position(required_config, NULL) IS NULL);

-- Names stand beside the JSON so that a search needs not parse what a stranger wrote.
ALTER TABLE servlet_content
  ADD COLUMN tool_names text[] NOT NULL DEFAULT '{}',
  ADD COLUMN engine text NOT NULL DEFAULT 'compiled' CHECK (engine IN ('compiled', 'interpreted'));
UPDATE servlet_content SET tool_names =
  ARRAY(SELECT tool ->> 'name' FROM json_array_elements(tools::json) AS tool);

ALTER TABLE installation
  ADD COLUMN config_sealed bytea,
  ADD COLUMN config_keys text[] NOT NULL DEFAULT '{}'
    CHECK (array_position(config_keys, NULL) IS NULL),
  ADD COLUMN allow_update boolean NOT NULL DEFAULT false,
  ADD COLUMN disabled_tools text[] NOT NULL DEFAULT '{}'
    CHECK (array_position(disabled_tools, NULL) IS NULL),
  ADD CHECK ((config_sealed IS NULL) = (config_keys = '{}')),
  ADD CHECK (array_position(domains, NULL) IS NULL);

-- What came with the service has followed it so far.
UPDATE installation SET allow_update = true
  WHERE servlet_id IN (SELECT id FROM servlet WHERE owner = 'errand');

-- An installation that is gone leaves no row of its own to tell when the list last changed.
CREATE TABLE uninstallation (
  profile_id uuid PRIMARY KEY REFERENCES profile ON DELETE CASCADE,
  last_at timestamptz NOT NULL
);
