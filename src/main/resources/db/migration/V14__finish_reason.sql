-- Why the last message of a run is not all of its model's answer, in the word of the model's server.
ALTER TABLE run ADD COLUMN finish_reason text;
