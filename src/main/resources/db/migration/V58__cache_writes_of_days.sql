-- A process of the version before adds up days without it.
ALTER TABLE usage_day ADD COLUMN cache_write_tokens bigint NOT NULL DEFAULT 0;
