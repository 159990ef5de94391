-- Store, version 8: certificates that are suspended or revoked together. docs/formats/incident.md.
CREATE TABLE incident (
  number    INTEGER PRIMARY KEY,
  hash      BLOB NOT NULL UNIQUE CHECK (length(hash) = 32),
  content   BLOB NOT NULL,
  at        INTEGER NOT NULL,
  log_index INTEGER NOT NULL
);

-- What it is about, frozen when it was created. `obstacle` says why a certificate is left out.
CREATE TABLE incident_certificate (
  incident INTEGER NOT NULL REFERENCES incident (number),
  id       TEXT NOT NULL REFERENCES intent (id),
  obstacle TEXT,
  PRIMARY KEY (incident, id)
) WITHOUT ROWID;

-- What became of each, once: `done`, or the state in which it was found.
CREATE TABLE incident_outcome (
  incident INTEGER NOT NULL,
  id       TEXT NOT NULL,
  outcome  TEXT NOT NULL,
  at       INTEGER NOT NULL,
  PRIMARY KEY (incident, id),
  FOREIGN KEY (incident, id) REFERENCES incident_certificate (incident, id)
) WITHOUT ROWID;
