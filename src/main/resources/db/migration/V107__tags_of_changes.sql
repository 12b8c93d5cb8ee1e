-- What the ETag of a configured thing names: a number that each change by people replaces, whatever the clock says. Changes by a version that
-- does not know the column keep it.
ALTER TABLE profile ADD COLUMN etag bigint NOT NULL DEFAULT 0;
ALTER TABLE oauth_client ADD COLUMN etag bigint NOT NULL DEFAULT 0;
ALTER TABLE installation ADD COLUMN etag bigint NOT NULL DEFAULT 0;
ALTER TABLE provider ADD COLUMN etag bigint NOT NULL DEFAULT 0;
ALTER TABLE task ADD COLUMN etag bigint NOT NULL DEFAULT 0;
ALTER TABLE budget ADD COLUMN etag bigint NOT NULL DEFAULT 0;
ALTER TABLE schedule ADD COLUMN etag bigint NOT NULL DEFAULT 0;
ALTER TABLE task_trigger ADD COLUMN etag bigint NOT NULL DEFAULT 0;
ALTER TABLE channel ADD COLUMN etag bigint NOT NULL DEFAULT 0;
ALTER TABLE notice ADD COLUMN etag bigint NOT NULL DEFAULT 0;
