-- The compiled code of servlets, so that one process need not compile what another one has.

-- Sealed with the master key for its address and engine, since what is in it is run as code.
CREATE TABLE servlet_code (
  address text NOT NULL REFERENCES servlet_content ON DELETE CASCADE,
  engine text NOT NULL CHECK (length(engine) BETWEEN 1 AND 200),
  sealed bytea NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (address, engine)
);
-- What is sealed can't be compressed.
ALTER TABLE servlet_code ALTER COLUMN sealed SET STORAGE EXTERNAL;
