-- The tools that are on, by the names that the servlet or server gives them; NULL for all that are
-- not switched off, also those that are added later.
ALTER TABLE installation ADD COLUMN enabled_tools text[]
  CHECK (array_position(enabled_tools, NULL) IS NULL);
