-- The tools that runs offered to their models, by content address: many runs share a row.
CREATE TABLE tool_definitions (
  address text PRIMARY KEY,
  definitions text NOT NULL,
  -- The last day on which a run with them was claimed.
  used_on date NOT NULL DEFAULT current_date
);

CREATE INDEX tool_definitions_used_on ON tool_definitions (used_on);
