-- As those of runs, in a transaction of its own, which locks one table.
ALTER TABLE run_entry DROP CONSTRAINT run_entry_seq_check;
