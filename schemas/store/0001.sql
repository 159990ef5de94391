-- Store, version 1. docs/formats/store.md describes each table. Times are seconds since 1970 in UTC; serials are 20 octets,
-- left-padded with zeros, so that their order as octets is their order as numbers.

-- What the authority decided to sign, written before the token signs. One row for ever; a certificate completes it.
CREATE TABLE intent (
  seq          INTEGER PRIMARY KEY,
  request_id   TEXT NOT NULL UNIQUE,
  id           TEXT NOT NULL UNIQUE,
  issuer       TEXT NOT NULL,
  serial       BLOB NOT NULL CHECK (length(serial) = 20),
  tbs          BLOB NOT NULL,
  kind         TEXT NOT NULL,
  profile      TEXT NOT NULL,
  key_location TEXT NOT NULL,
  key_uri      TEXT NOT NULL,
  subscriber   TEXT NOT NULL,
  mail         TEXT NOT NULL
);
CREATE INDEX intent_subscriber ON intent (subscriber) WHERE subscriber <> '';
CREATE INDEX intent_mail ON intent (mail) WHERE mail <> '';

CREATE TABLE certificate (
  seq        INTEGER PRIMARY KEY REFERENCES intent (seq),
  subject    TEXT NOT NULL,
  not_before INTEGER NOT NULL,
  not_after  INTEGER NOT NULL,
  key_hash   BLOB NOT NULL,
  der        BLOB NOT NULL
);
CREATE INDEX certificate_key ON certificate (key_hash);

-- Events of one certificate, in `turn` order; the last one is its state. In order of serial, so that a CRL is one pass.
CREATE TABLE revocation (
  issuer          TEXT NOT NULL,
  serial          BLOB NOT NULL,
  turn            INTEGER NOT NULL,
  act             INTEGER NOT NULL CHECK (act IN (0, 1, 2)),
  reason          INTEGER NOT NULL,
  at              INTEGER NOT NULL,
  invalidity_date INTEGER,
  not_after       INTEGER NOT NULL,
  remark          TEXT NOT NULL,
  PRIMARY KEY (issuer, serial, turn)
) WITHOUT ROWID;

CREATE TABLE roster (
  seq          INTEGER PRIMARY KEY,
  hash         BLOB NOT NULL UNIQUE,
  name         TEXT NOT NULL,
  submitted_at INTEGER NOT NULL,
  row_count    INTEGER NOT NULL
);
CREATE TABLE roster_row (
  roster       INTEGER NOT NULL REFERENCES roster (seq),
  number       INTEGER NOT NULL,
  content      BLOB NOT NULL,
  request      BLOB NOT NULL,
  key_location TEXT NOT NULL,
  key_uri      TEXT NOT NULL,
  PRIMARY KEY (roster, number)
);

CREATE TABLE approval (
  seq          INTEGER PRIMARY KEY,
  subject_hash BLOB NOT NULL,
  officer_id   TEXT NOT NULL,
  scheme       TEXT NOT NULL,
  signature    BLOB NOT NULL,
  at           INTEGER NOT NULL,
  UNIQUE (subject_hash, officer_id)
);

-- A number is reserved before its list is signed; a reserved number without a hash was never published.
CREATE TABLE crl (
  issuer      TEXT NOT NULL,
  number      INTEGER NOT NULL,
  this_update INTEGER,
  next_update INTEGER,
  entries     INTEGER,
  sha256      BLOB,
  PRIMARY KEY (issuer, number)
) WITHOUT ROWID;

CREATE TABLE log (
  idx   INTEGER PRIMARY KEY,
  entry BLOB NOT NULL,
  leaf  BLOB NOT NULL CHECK (length(leaf) = 32)
);

CREATE TABLE fact (
  name  TEXT PRIMARY KEY,
  value TEXT NOT NULL
) WITHOUT ROWID;
