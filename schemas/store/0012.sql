-- Store: intents without a certificate, found without asking all others. docs/formats/store.md.
-- It says what `intent` and `certificate` say, as an index does, and is kept by triggers: also when shipped changes are
-- put onto a copy, table by table, whichever comes first.
CREATE TABLE open_intent (seq INTEGER PRIMARY KEY);
INSERT INTO open_intent SELECT seq FROM intent WHERE seq NOT IN (SELECT seq FROM certificate);
CREATE TRIGGER intent_begins AFTER INSERT ON intent BEGIN
  INSERT INTO open_intent SELECT new.seq WHERE NOT EXISTS (SELECT 1 FROM certificate WHERE seq = new.seq);
END;
CREATE TRIGGER intent_goes AFTER DELETE ON intent BEGIN
  DELETE FROM open_intent WHERE seq = old.seq;
END;
CREATE TRIGGER certificate_completes AFTER INSERT ON certificate BEGIN
  DELETE FROM open_intent WHERE seq = new.seq;
END;
CREATE TRIGGER certificate_goes AFTER DELETE ON certificate BEGIN
  INSERT OR IGNORE INTO open_intent SELECT seq FROM intent WHERE seq = old.seq;
END;
