-- Store, version 7: lists and look-ups that cost the same however many certificates there are. docs/formats/store.md.
CREATE INDEX intent_order ON intent (issuer, serial);
CREATE INDEX intent_serial ON intent (serial);
CREATE INDEX intent_kind ON intent (kind, issuer, serial);
CREATE INDEX intent_profile ON intent (profile, issuer, serial);
CREATE INDEX certificate_end ON certificate (not_after);
