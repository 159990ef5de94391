# Another system's authority moves in: the folder of a real `openssl ca` with 30 certificates, revoked for every reason that it knows, one
# expired, one lost. Its key goes into a token, officers decide on exactly what is there, and the list that takes over says what the old one said.
source "$(dirname "$0")/home.sh"
source "$(dirname "$0")/old_authority.sh"
expect 0 antin init
printf '%s\n' "government-old = \"file:ca/pins/government-old.pin\"" >pin.line
sed -i '/^\[tokens\.ca\.pins\]/r pin.line' "$ANTIN_HOME/antin.toml"
(umask 077 && echo 48151623 >"$ANTIN_HOME/ca/pins/government-old.pin" && echo 90817263 >"$ANTIN_HOME/ca/pins/government-old.so.pin")
expect 0 antin token init government-old --in ca --so-pin file:ca/pins/government-old.so.pin

old_authority old 30
serial=1003
for reason in unspecified keyCompromise CACompromise affiliationChanged superseded cessationOfOperation certificateHold; do
  old_ca old -revoke "newcerts/$serial.pem" -crl_reason "$reason"
  serial=$(printf %X $((0x$serial + 1)))
done
old_ca old -revoke newcerts/100A.pem -crl_compromise 20250101000000Z
old_ca old -revoke newcerts/100B.pem -crl_CA_compromise 20250102000000Z
old_ca old -revoke newcerts/100C.pem -crl_hold holdInstructionReject
old_ca old -revoke newcerts/100D.pem
old_ca old -revoke newcerts/1001.pem -crl_reason superseded
rm old/newcerts/100D.pem
old_ca old -gencrl -out crl.pem
export OLD_PASS=bi-mat-cu
openssl pkcs8 -topk8 -in old/key.pem -out key.enc.pem -passout env:OLD_PASS
mv old/key.pem key.plain.pem

# What would come along, said and written for the officers; nothing changes.
antin log verify --json >before.json
expect 0 antin ca import propose government-old old --dry-run --json -o holdings.txt
cp last.out dry.json
[ "$(sha256sum holdings.txt | cut -d' ' -f1)" = "$(python3 -c 'import json; print(json.load(open("dry.json"))["holdings"])')" ] || die "the holdings that are written have another digest"
python3 - <<'PY' || die "other holdings"
import json
value = json.load(open("dry.json"))
assert (value["certificates"], value["revoked"], value["lost"], value["above_crl_number"]) == (29, 12, 1, 42), value
assert value["addresses"] == ["http://ca-cu.lamdong.test/ca.crl"], value
lines = open("holdings.txt").read().splitlines()
assert lines[0] == "antin-holdings-1" and lines[2] == "crl-number 42" and len(lines) == 4 + 30, lines
assert any(line.startswith("100D - ") for line in lines), lines
PY
antin log verify --json | cmp - before.json || die "a dry run wrote"

# A key that is not this authority's, a passphrase that is wrong, a folder with errors: refused before anything is in a token.
openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out other.pem 2>/dev/null
expect 3 antin ca import propose government-old old --key other.pem
OLD_PASS=sai expect 5 antin ca import propose government-old old --key key.enc.pem --passphrase env:OLD_PASS
rm -rf bad && cp -r old bad && rm bad/newcerts/101A.pem
expect 3 antin ca import propose government-old bad --key key.plain.pem
expect 3 antin ca import propose old old --key key.plain.pem
expect 3 antin ca import propose government-2 old --key key.plain.pem
expect 3 antin ca import propose government-old old
expect 0 antin token doctor government-old --json
grep -q '"keys":0' last.out || die "a refused proposal left a key"

# The key goes in by a pipe: nothing of it is written outside the token.
expect 4 antin ca import propose government-old old --key - --passphrase env:OLD_PASS --json <key.enc.pem
cp last.out proposed.json
expect 4 antin ca import propose government-old old --json
cmp last.out proposed.json || die "the same proposal again is another"
expect 0 antin token doctor government-old --json
grep -q '"keys":1' last.out && grep -q '"well":true' last.out || die "the key is not well in its token"
expect 3 antin ca import complete government-old old
number=$(python3 -c 'import json; print(json.load(open("proposed.json"))["number"])')
expect 0 antin proposal show "$number" --json
python3 - <<'PY' || die "the proposal does not bind what comes along"
import json
assert json.load(open("last.out"))["content"]["holdings"] == json.load(open("dry.json"))["holdings"]
PY
expect 0 antin proposal approve "$number" --officer officer-1
expect 3 antin ca import complete government-old old
expect 0 antin proposal approve "$number" --officer officer-2
expect 0 antin log verify

# other WHAT COMMAND…: a folder that was changed after the decision is refused.
other() {
  local what=$1
  shift
  rm -rf bad && cp -r old bad && cp key.plain.pem bad/key.pem && (cd bad && "$@")
  expect 3 antin ca import complete government-old bad
  [ "$(antin cert list --issuer government-old --json)" = '[]' ] || die "$what: certificates came along"
}
more() { openssl ca -config openssl.cnf -batch -in leaf.csr -notext -out last.pem 2>/dev/null; }
other 'a certificate more' more
other 'a revocation less' sh -c 'sed -i "5s/^R\t\([^\t]*\)\t[^\t]*/V\t\1\t/" index.txt && rm crl.pem'
other 'another reason' sh -c 'sed -i "5s/keyCompromise/superseded/" index.txt && rm crl.pem'
other 'a smaller list number' sh -c 'echo 05 >crlnumber && rm crl.pem'

# The old system went on after the decision: it is decided again, and the later decision counts.
cp key.plain.pem old/key.pem
old_ca old -revoke newcerts/1011.pem -crl_reason affiliationChanged
old_ca old -gencrl -out crl.pem
rm old/key.pem
expect 3 antin ca import complete government-old old
expect 4 antin ca import propose government-old old --json
number=$(python3 -c 'import json; print(json.load(open("last.out"))["number"])')
for officer in officer-1 officer-2; do expect 0 antin proposal approve "$number" --officer $officer; done
expect 0 antin ca import complete government-old old --dry-run
expect 0 antin ca import complete government-old old --json
python3 - <<'PY' || die "other counts came along"
import json
value = json.load(open("last.out"))
assert (value["certificates"], value["revoked"], value["lost"], value["crl"]["entries"]) == (29, 13, 1, 13), value
assert value["crl"]["number"] > value["above_crl_number"] == 43, value
PY
expect 0 antin ca import complete government-old old
expect 3 antin ca import propose government-old bad
expect 0 antin log verify --json
grep -q '"adopted":29' last.out || die "log verify does not count what came along"

# The list that takes over says what the old one said, and so do the old system's OCSP answers.
list=$ANTIN_HOME/out/crl/government-old.crl
arguments=()
for file in old/newcerts/*.pem; do arguments+=(-cert "$file"); done
openssl ocsp -issuer old/cacert.pem "${arguments[@]}" -no_nonce -reqout asked 2>/dev/null
(cd old && openssl ocsp -index index.txt -CA cacert.pem -rsigner cacert.pem -rkey ../key.plain.pem -reqin ../asked -ndays 2 -respout ../answers.der 2>/dev/null)
expect 0 antin --json crl diff old/crl.pem "$list" --ca old/cacert.pem --answers answers.der
grep -q '"same":true' last.out && grep -q '"compared":29' last.out || die "the two systems say other things"
openssl crl -in "$list" -inform DER -CAfile old/cacert.pem -noout 2>verified || die "openssl does not accept the list"
grep -q 'verify OK' verified || die "openssl does not accept the list"
openssl crl -in "$list" -inform DER -out list.pem
openssl verify -crl_check -CAfile old/cacert.pem -CRLfile list.pem old/newcerts/1000.pem >/dev/null || die "a valid certificate is not"
openssl verify -crl_check -CAfile old/cacert.pem -CRLfile list.pem old/newcerts/1004.pem >/dev/null 2>&1 && die "a revoked certificate is valid"
expect 0 antin crl verify "$list" --ca old/cacert.pem

# From now on they are ours: listed, shown, revoked, suspended and resumed.
antin cert list --issuer government-old --json >list.json
python3 - <<'PY' || die "the list of certificates is another"
import collections, json
rows = json.load(open("list.json"))
count = collections.Counter(row["status"] for row in rows)
assert len(rows) == 29 and count == {"valid": 17, "revoked": 10, "suspended": 2}, count
assert {row["profile"] for row in rows} == {"adopted"}, rows[0]
PY
expect 0 antin cert show government-old-1004
before=$(openssl crl -in "$list" -inform DER -noout -crlnumber)
expect 0 antin cert revoke government-old-1012 --requested-by 000.00.90.H36 --reason keyCompromise --remark 'mất thiết bị'
expect 0 antin cert resume government-old-1009
allow_suspension
expect 0 antin cert suspend government-old-1013 --remark 'nghi ngờ'
expect 0 antin crl build --issuer government-old
openssl crl -in "$list" -inform DER -noout -text >list.txt
grep -q 'Serial Number: 1012' list.txt && grep -q 'Serial Number: 1013' list.txt && grep -q 'Serial Number: 100D' list.txt || die "the new list lacks a revocation"
grep -q 'Serial Number: 1009' list.txt && die "a resumed certificate is still on the list"
[ "$before" != "$(openssl crl -in "$list" -inform DER -noout -crlnumber)" ] || die "the number did not grow"
expect 3 antin --json crl diff old/crl.pem "$list" --ca old/cacert.pem
expect 0 antin log verify
expect 0 antin ca list
grep -q government-old last.out || die "the issuer is not listed"
# It issues nothing: the bloc's own CA does.
antin ca list --json | python3 -c 'import json,sys; states={one["name"]: one["state"] for one in json.load(sys.stdin)}; assert states == {"root": "issuing", "party": "issuing", "government": "issuing", "government-old": "lists"}, states'

# tampered NAME SQL WORDS: a copy of the store in which SQL was run is refused with WORDS.
tampered() {
  rm -rf copy
  cp -r "$ANTIN_HOME" copy
  sqlite3 copy/store/antin.sqlite "PRAGMA foreign_keys = OFF; $2" >sqlite.out 2>&1 || { cat sqlite.out >&2; die "$1: the SQL did not run"; }
  ANTIN_HOME=$work/copy expect 1 antin log verify
  grep -q "$3" last.err || { cat last.err >&2; die "$1: not noticed for what it is"; }
}
row="INSERT INTO intent SELECT (SELECT max(seq) + 1 FROM intent), 'adopted/government-old/2000', 'government-old-2000', issuer, x'0000000000000000000000000000000000002000', tbs, kind, profile, key_location, key_uri, subscriber, mail FROM intent WHERE id = 'government-old-1000'; INSERT INTO certificate SELECT (SELECT max(seq) FROM intent), subject, not_before, not_after, key_hash, der FROM certificate JOIN intent USING (seq) WHERE id = 'government-old-1000'"
tampered 'a certificate more' "$row" 'the certificate government-old-2000 is not in it'
tampered 'a lost serial is forgotten' "DELETE FROM listed_serial" 'the revoked serial government-old-100D is logged and not there'
tampered 'a revocation is forgotten' "DELETE FROM revocation WHERE issuer = 'government-old' AND turn = 1 AND hex(serial) LIKE '%1004'" 'a revocation of the certificate government-old-1004 is logged and not there'
tampered 'a date is changed' "UPDATE revocation SET at = at + 1 WHERE issuer = 'government-old' AND turn = 1 AND hex(serial) LIKE '%1004'" 'government-old-1004 in the store is not the one that was logged'
tampered 'other holdings' "UPDATE fact SET value = replace(value, 'government-old ', 'government-old 00') WHERE name = 'issuers.adopted'" 'what came along with the issuer government-old in the store is not the one that was logged'

# A folder of certificates with a list is the same without index.txt; what the list alone knows stays on it.
printf '%s\n' "party-old = \"file:ca/pins/party-old.pin\"" >pin.line
sed -i '/^\[tokens\.ca\.pins\]/r pin.line' "$ANTIN_HOME/antin.toml"
cp "$ANTIN_HOME/ca/pins/government-old.pin" "$ANTIN_HOME/ca/pins/party-old.pin"
expect 0 antin token init party-old --in ca --so-pin file:ca/pins/government-old.so.pin
old_authority second 4 -sha256  # without a keyUsage, as `openssl req` makes one
old_ca second -revoke newcerts/1002.pem -crl_reason keyCompromise
old_ca second -revoke newcerts/1003.pem -crl_hold holdInstructionReject
old_ca second -gencrl -out list.pem
mkdir folder && cp second/newcerts/100[012].pem second/cacert.pem folder
expect 4 antin ca import propose party-old folder --crl second/list.pem --key second/key.pem --json
number=$(python3 -c 'import json; print(json.load(open("last.out"))["number"])')
for officer in officer-1 officer-2; do expect 0 antin proposal approve "$number" --officer $officer; done
expect 0 antin ca import complete party-old folder --crl second/list.pem
expect 0 antin crl diff second/list.pem "$ANTIN_HOME/out/crl/party-old.crl" --ca second/cacert.pem
expect 0 antin crl build
expect 0 antin log verify

# One revoked by a roster: it is that of whoever a row says that officers approve.
python3 - <<'PY'
import json
rows = [{"format": "antin-roster-2", "name": "Gia hạn từ CA cũ"},
        {"row": 1, "act": "revoke", "code": "CB-0002", "kind": "personal", "bloc": "government", "profile": "personal", "replaces": "government-old-1000",
         "requested_by": "000.00.99.H36", "reason": "affiliationChanged"}]
open("acts.jsonl", "w").write("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows))
PY
expect 0 antin roster check acts.jsonl
expect 0 antin roster submit acts.jsonl
for officer in officer-1 officer-2; do expect 0 antin roster approve acts.jsonl --officer $officer; done
expect 0 antin roster issue acts.jsonl
expect 0 antin crl build --issuer government-old
openssl crl -in "$list" -inform DER -noout -text >list.txt
grep -q 'Serial Number: 1000' list.txt || die "a roster's revocation is not on the list"
expect 0 antin log verify

# Leaving again: `openssl ca` goes on from what is exported, the lost serial included.
expect 0 antin export --all -o left
(cd left/government-old && openssl ca -config openssl.cnf -gencrl -keyfile ../../key.plain.pem -out again.pem 2>openssl.err) || { cat left/government-old/openssl.err >&2; die "openssl ca does not go on"; }
openssl crl -in left/government-old/again.pem -noout -text >again.txt
grep -q 'Serial Number: 100D' again.txt || die "the lost serial is lost now"
