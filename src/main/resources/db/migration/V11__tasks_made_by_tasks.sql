-- The task whose run made a task; null where a person did, whose tasks no run may replace.
ALTER TABLE task ADD COLUMN made_by uuid REFERENCES task;
