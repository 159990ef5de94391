# `antin log verify` holds log and store against each other: whatever is taken from one alone is noticed and named.
source "$(dirname "$0")/home.sh"
approved_roster 6
expect 0 antin roster issue roster.jsonl
antin cert list --kind personal --json >persons.json
mapfile -t persons < <(python3 -c 'import json; print("\n".join(row["id"] for row in json.load(open("persons.json"))))')
expect 0 antin cert revoke "${persons[0]}" --requested-by 000.00.90.H36 --reason keyCompromise --remark 'mất thiết bị'
allow_suspension
expect 0 antin cert suspend "${persons[1]}" --remark 'tạm dừng'
expect 0 antin cert resume "${persons[1]}"
expect 0 antin crl build
expect 0 antin log verify

# tampered NAME SQL WORDS: a copy of the home in which SQL was run must be refused with WORDS.
tampered() {
  rm -rf copy
  cp -r "$ANTIN_HOME" copy
  sqlite3 copy/store/antin.sqlite "PRAGMA foreign_keys = OFF; $2" >sqlite.out 2>&1 || { cat sqlite.out >&2; die "$1: the SQL did not run"; }
  [ "$(sqlite3 copy/store/antin.sqlite 'PRAGMA integrity_check')" = ok ] || die "$1: the store was broken, not changed"
  ANTIN_HOME=$work/copy expect 1 antin log verify
  grep -q "$3" last.err || { cat last.err >&2; die "$1: not noticed for what it is"; }
}
last="(SELECT max(idx) FROM log)"
tampered 'the last list is not logged' "DELETE FROM log WHERE idx = $last" 'log: list [0-9]* of .* is not in it'
tampered 'revocations are cut off' "DELETE FROM log WHERE idx >= (SELECT min(idx) FROM log WHERE CAST(entry AS TEXT) LIKE '%certificate.revoke%')" 'log: a revocation of the certificate .* is not in it'
tampered 'half of the log is cut off' "DELETE FROM log WHERE idx > $last / 2" 'is not in it'
tampered 'the store forgets revocations' 'DELETE FROM revocation' 'store: a revocation of the certificate .* is logged and not there'
tampered 'a resumption is added' "INSERT INTO revocation SELECT issuer, serial, turn + 1, 2, 0, at + 1, NULL, not_after, '', '' FROM revocation WHERE act = 0" 'log: a revocation of the certificate .* is not in it'
tampered 'another reason' 'UPDATE revocation SET reason = 0 WHERE act = 0' 'is not the one that was logged'
tampered 'somebody follows who was not named' "UPDATE revocation SET followed_by = '000.00.90.H36' WHERE act = 0" 'is not the one that was logged'
tampered 'a remark is changed' "UPDATE revocation SET remark = 'khác' WHERE act = 0" 'is not the one that was logged'
tampered 'a certificate is changed' "UPDATE certificate SET der = der || x'00' WHERE seq = (SELECT max(seq) FROM certificate)" 'the certificate .* in the store is not the one that was logged'
tampered 'a certificate is taken away' 'DELETE FROM certificate WHERE seq = (SELECT max(seq) FROM certificate)' 'store: the certificate .* is logged and not there'
tampered 'an approval is taken away' 'DELETE FROM approval WHERE seq = 1' 'store: an approval of the roster .* is logged and not there'
tampered 'an approval is changed' "UPDATE approval SET signature = x'3000' WHERE seq = 1" 'an approval of the roster'
tampered 'a roster is taken away' 'DELETE FROM roster' 'store: the roster .* is logged and not there'
tampered 'the newest list is changed' "UPDATE crl SET sha256 = zeroblob(32) WHERE issuer = 'party'" 'list [0-9]* of party in the store is not the one that was logged'
tampered 'an entry is changed' "UPDATE log SET entry = replace(CAST(entry AS TEXT), 'keyCompromise', 'superseded') WHERE CAST(entry AS TEXT) LIKE '%keyCompromise%'" 'log'
