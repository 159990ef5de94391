-- Store, version 9: tokens that are personalised for subscribers. docs/formats/store.md.
CREATE TABLE personal_token (
  seq        INTEGER PRIMARY KEY,
  id         TEXT NOT NULL UNIQUE,
  label      TEXT NOT NULL UNIQUE,
  subscriber TEXT NOT NULL,
  content    BLOB NOT NULL,
  escrow     BLOB NOT NULL,
  begun_at   INTEGER NOT NULL
);
CREATE INDEX personal_token_subscriber ON personal_token (subscriber);

-- What was done with it, in `turn` order.
CREATE TABLE personal_token_event (
  token       INTEGER NOT NULL REFERENCES personal_token (seq),
  turn        INTEGER NOT NULL,
  act         TEXT NOT NULL CHECK (act IN ('key', 'certificate', 'letter', 'unblock', 'set_aside', 'recycle', 'lose')),
  at          INTEGER NOT NULL,
  serial      TEXT NOT NULL,
  request     BLOB,
  certificate TEXT,
  remark      TEXT NOT NULL,
  PRIMARY KEY (token, turn)
) WITHOUT ROWID;
