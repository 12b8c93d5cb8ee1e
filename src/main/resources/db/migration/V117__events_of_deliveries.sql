-- What the sender calls the event of a delivery, such as push; NULL where it has no name or was refused.
ALTER TABLE trigger_delivery ADD COLUMN event text;
