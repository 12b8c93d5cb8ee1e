-- Who owns the profile that sent a message, since each owner has a share of what an address gets in an hour. Null where the version before counted
-- the message.
ALTER TABLE notice_sent ADD COLUMN owner_id uuid;
