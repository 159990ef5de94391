-- Store, version 11: revoked serial numbers of adopted issuers whose certificates are lost. docs/formats/store.md.
-- Their event is in `revocation`.
CREATE TABLE listed_serial (
  issuer TEXT NOT NULL,
  serial BLOB NOT NULL CHECK (length(serial) = 20),
  PRIMARY KEY (issuer, serial)
) WITHOUT ROWID;
