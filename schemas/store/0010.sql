-- Store, version 10: who follows the body or person whose certificate ended. docs/formats/store.md.
ALTER TABLE revocation ADD COLUMN followed_by TEXT NOT NULL DEFAULT '';
CREATE INDEX revocation_followed_by ON revocation (followed_by) WHERE followed_by <> '';
