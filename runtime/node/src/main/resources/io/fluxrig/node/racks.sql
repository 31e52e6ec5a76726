-- What a site keeps in PostgreSQL of its movable Racks (docs/formats/movable-racks.md). Made as postgres.sql is, and after it.
SET LOCAL search_path TO fluxrig;

-- Who hosts a Rack. Each host begins an epoch; each change is counted, and one that was counted by an earlier epoch is refused.
CREATE TABLE rack_seat (
  rack TEXT PRIMARY KEY,
  epoch BIGINT NOT NULL,
  changes BIGINT NOT NULL,
  node TEXT NOT NULL,
  since TIMESTAMPTZ NOT NULL DEFAULT now()
);

-- Its key and its key-encryption key, wrapped by the secret that is mounted on its hosts.
CREATE TABLE rack_secret (
  rack TEXT NOT NULL,
  what TEXT NOT NULL,
  wrapped BYTEA NOT NULL,
  PRIMARY KEY (rack, what)
);

-- Its directory, byte for byte: a file has a size, and is zero wherever no row says otherwise. Rows of a file do not overlap.
CREATE TABLE rack_file (
  rack TEXT NOT NULL,
  file TEXT NOT NULL,
  size BIGINT NOT NULL,
  PRIMARY KEY (rack, file)
);
CREATE TABLE rack_bytes (
  rack TEXT NOT NULL,
  file TEXT NOT NULL,
  at BIGINT NOT NULL,
  content BYTEA NOT NULL,
  PRIMARY KEY (rack, file, at)
);
-- What is written is random to a compressor, most of it encrypted.
ALTER TABLE rack_bytes ALTER COLUMN content SET STORAGE EXTERNAL;

CREATE VIEW rack_passport AS
  SELECT rack, content AS passport FROM rack_bytes WHERE file = 'passport.cose' AND at = 0;
CREATE VIEW rack_checkpoint AS
  SELECT rack, substring(file FROM 13)::BIGINT AS size, content AS note
  FROM rack_bytes WHERE file LIKE 'checkpoints/%' AND at = 0;
CREATE VIEW rack_data_key AS
  SELECT rack, substring(file FROM 6) AS k, content AS wrapped
  FROM rack_bytes WHERE file LIKE 'keys/%' AND at = 0;
