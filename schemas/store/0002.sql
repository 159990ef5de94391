-- Store, version 2: keys that are never certified again, whoever asks. docs/formats/store.md.
CREATE TABLE blocked_key (
  key_hash BLOB PRIMARY KEY CHECK (length(key_hash) = 32),
  at       INTEGER NOT NULL,
  reason   TEXT NOT NULL
) WITHOUT ROWID;
