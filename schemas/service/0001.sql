-- antind's own file, version 1. Times are seconds since 1970-01-01T00:00:00Z.
CREATE TABLE api_token (
  hash    BLOB PRIMARY KEY,              -- SHA-256 of the token
  system  TEXT NOT NULL,
  signers TEXT NOT NULL,                 -- one a line: certificate id, serial, subscriber code or mail; * for all
  made_at INTEGER NOT NULL,
  revoked INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;

CREATE TABLE idempotency (
  system       TEXT NOT NULL,
  key          TEXT NOT NULL,
  request_hash BLOB NOT NULL,
  content_type TEXT NOT NULL,
  body         BLOB NOT NULL,
  at           INTEGER NOT NULL,
  PRIMARY KEY (system, key)
);

CREATE TABLE audit (
  number    INTEGER PRIMARY KEY,
  at        INTEGER NOT NULL,
  system    TEXT NOT NULL,
  operation TEXT NOT NULL,
  signer    TEXT NOT NULL,               -- certificate id
  format    TEXT NOT NULL,
  document  BLOB NOT NULL,               -- SHA-256 of what came
  result    BLOB NOT NULL                -- SHA-256 of what went
);
