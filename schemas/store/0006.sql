-- Store, version 6: certificates that were asked for at another authority. docs/formats/store.md.
CREATE TABLE outside_request (
  seq          INTEGER PRIMARY KEY,
  id           TEXT NOT NULL UNIQUE,
  authority    TEXT NOT NULL,
  content      BLOB NOT NULL,
  request      BLOB NOT NULL,
  key_hash     BLOB NOT NULL CHECK (length(key_hash) = 32),
  collected_at INTEGER NOT NULL,
  until        INTEGER NOT NULL
);
CREATE INDEX outside_request_key ON outside_request (key_hash);

-- What became of it, in `turn` order; the last one is its state.
CREATE TABLE outside_request_event (
  request     INTEGER NOT NULL REFERENCES outside_request (seq),
  turn        INTEGER NOT NULL,
  state       TEXT NOT NULL CHECK (state IN ('exported', 'issued', 'refused')),
  at          INTEGER NOT NULL,
  certificate TEXT,
  remark      TEXT NOT NULL,
  PRIMARY KEY (request, turn)
) WITHOUT ROWID;
