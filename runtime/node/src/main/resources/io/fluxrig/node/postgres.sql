-- What a site keeps in PostgreSQL: the Mixer's journal, what its events name, and the book of signals. A node makes it on its first start where its user
-- may; else a database administrator does, with: psql -v ON_ERROR_STOP=1 -1 -f postgres.sql
CREATE SCHEMA IF NOT EXISTS fluxrig;
SET LOCAL search_path TO fluxrig;

-- The journal, as pekko-persistence-jdbc 1.1 writes it. Its primary key is what keeps a Mixer that was replaced from writing.
CREATE TABLE event_journal (
  ordering BIGSERIAL UNIQUE,
  persistence_id VARCHAR(255) NOT NULL,
  sequence_number BIGINT NOT NULL,
  deleted BOOLEAN NOT NULL DEFAULT FALSE,
  writer VARCHAR(255) NOT NULL,
  write_timestamp BIGINT,
  adapter_manifest VARCHAR(255),
  event_ser_id INTEGER NOT NULL,
  event_ser_manifest VARCHAR(255) NOT NULL,
  event_payload BYTEA NOT NULL,
  meta_ser_id INTEGER,
  meta_ser_manifest VARCHAR(255),
  meta_payload BYTEA,
  PRIMARY KEY (persistence_id, sequence_number)
);
CREATE TABLE event_tag (
  event_id BIGINT,
  persistence_id VARCHAR(255),
  sequence_number BIGINT,
  tag VARCHAR(256),
  PRIMARY KEY (persistence_id, sequence_number, tag)
);

-- Which node was the Mixer from when on. The last one is.
CREATE TABLE epoch (
  epoch BIGINT PRIMARY KEY,
  node TEXT NOT NULL,
  began TIMESTAMPTZ NOT NULL DEFAULT now()
);

-- Scenarios and policies that the journal names by their SHA-256.
CREATE TABLE blob (
  sha256 BYTEA PRIMARY KEY,
  content BYTEA NOT NULL
);

-- The book of signals.
CREATE TABLE log (
  id BIGSERIAL PRIMARY KEY,
  origin TEXT NOT NULL UNIQUE,
  rack TEXT NOT NULL,
  next BIGINT NOT NULL
);
CREATE TABLE signal (
  log BIGINT NOT NULL,
  leaf BIGINT NOT NULL,
  id BIGINT NOT NULL,
  ref BIGINT,
  trace TEXT,
  entered BIGINT NOT NULL,
  ended BIGINT,
  gear BIGINT NOT NULL,
  port TEXT NOT NULL,
  outcome INTEGER NOT NULL,
  code INTEGER,
  size BIGINT NOT NULL,
  hash BYTEA NOT NULL,
  more TEXT,
  PRIMARY KEY (log, leaf)
);
-- With the log, so that what ends is found by it however little is known of the table.
CREATE INDEX signal_id ON signal (id, log);
CREATE INDEX signal_entered ON signal (entered);
CREATE INDEX signal_log_entered ON signal (log, entered);
CREATE INDEX signal_outcome ON signal (outcome, entered);
CREATE INDEX signal_code ON signal (code, entered) WHERE code IS NOT NULL;
CREATE INDEX signal_ref ON signal (ref) WHERE ref IS NOT NULL;
CREATE INDEX signal_trace ON signal (trace, entered) WHERE trace IS NOT NULL;
