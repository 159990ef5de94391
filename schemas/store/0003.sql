-- Store, version 3: which certificate follows which, rows of rosters that issue nothing, and the form of a roster. docs/formats/store.md.

-- Written with the intent of the certificate that follows. A certificate is followed by one.
CREATE TABLE succession (
  seq             INTEGER PRIMARY KEY REFERENCES intent (seq),
  act             TEXT NOT NULL CHECK (act IN ('renew', 'rekey', 'change')),
  predecessor     TEXT NOT NULL UNIQUE REFERENCES intent (id),
  reason          INTEGER,
  invalidity_date INTEGER
);

CREATE TABLE row_done (
  request_id TEXT PRIMARY KEY,
  id         TEXT NOT NULL REFERENCES intent (id)
) WITHOUT ROWID;

ALTER TABLE roster ADD COLUMN format INTEGER NOT NULL DEFAULT 1;
