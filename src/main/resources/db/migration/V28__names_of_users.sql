-- Names of users differ in more than upper and lower case. Users who were named alike before keep their names, and
-- all but the oldest of them stand outside the index; whoever comes later is compared with the oldest.
ALTER TABLE account ADD COLUMN named_alike boolean NOT NULL DEFAULT false;
UPDATE account SET named_alike = true
WHERE EXISTS (
  SELECT FROM account AS older
  WHERE lower(older.username) = lower(account.username)
    AND (older.created_at, older.id) < (account.created_at, account.id));
CREATE UNIQUE INDEX account_name ON account (lower(username)) WHERE NOT named_alike;
