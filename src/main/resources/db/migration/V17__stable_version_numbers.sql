-- A version keeps its number when its bytes are published again. How recent it is counts apart from that; null is as
-- recent as its number says, which is how the version of the service before writes it.
ALTER TABLE servlet_version ADD COLUMN publication integer CHECK (publication > 0);
CREATE INDEX servlet_version_newest ON servlet_version (servlet_id, greatest(number, publication) DESC, number DESC);
