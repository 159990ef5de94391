-- Store, version 4: certificates that other authorities issued, tracked and nothing else. docs/formats/store.md.
CREATE TABLE foreign_certificate (
  seq         INTEGER PRIMARY KEY,
  id          TEXT NOT NULL UNIQUE,
  issuer      BLOB NOT NULL,
  serial      BLOB NOT NULL,
  subject     TEXT NOT NULL,
  kind        TEXT NOT NULL CHECK (kind IN ('organisation', 'personal')),
  mail        TEXT NOT NULL,
  not_before  INTEGER NOT NULL,
  not_after   INTEGER NOT NULL,
  key_hash    BLOB NOT NULL,
  der         BLOB NOT NULL,
  subscriber  TEXT NOT NULL,
  unit        TEXT NOT NULL,
  doubts      TEXT NOT NULL,
  imported_at INTEGER NOT NULL,
  UNIQUE (issuer, serial)
);
CREATE INDEX foreign_certificate_serial ON foreign_certificate (serial);

-- What the lists of those authorities said, in `turn` order; the last one is the state.
CREATE TABLE foreign_revocation (
  certificate     INTEGER NOT NULL REFERENCES foreign_certificate (seq),
  turn            INTEGER NOT NULL,
  act             INTEGER NOT NULL CHECK (act IN (0, 1, 2)),
  reason          INTEGER NOT NULL,
  at              INTEGER NOT NULL,
  invalidity_date INTEGER,
  list_issued     INTEGER NOT NULL,
  list_sha256     BLOB NOT NULL CHECK (length(list_sha256) = 32),
  PRIMARY KEY (certificate, turn)
) WITHOUT ROWID;
