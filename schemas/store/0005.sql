-- Store, version 5: what officers decide besides rosters: roles and profiles. docs/formats/proposal.md.
CREATE TABLE proposal (
  number      INTEGER PRIMARY KEY,
  hash        BLOB NOT NULL UNIQUE CHECK (length(hash) = 32),
  content     BLOB NOT NULL,
  at          INTEGER NOT NULL,
  of_ceremony INTEGER NOT NULL CHECK (of_ceremony IN (0, 1))
);
