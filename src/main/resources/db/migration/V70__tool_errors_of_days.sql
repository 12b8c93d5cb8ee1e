-- A process of the version before adds up days without it.
ALTER TABLE usage_day ADD COLUMN tool_errors bigint NOT NULL DEFAULT 0;
