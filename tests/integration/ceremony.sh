# A home by reviewed ceremony files: an RSA-3072 root, two P-384 issuing CAs, three officers of whom two decide. The sample files of the
# documentation are what is run. One ceremony is killed and goes on; nothing but the reviewed file runs; transcripts are signed by each officer,
# held against log, certificates and lists, and printed.
source "$(dirname "$0")/home.sh"
samples=$(realpath "$2") schema=$(realpath "$3")
value() { python3 -c 'import json,sys; print(eval(sys.argv[2], {"v": json.load(open(sys.argv[1]))}))' "$@"; }
cp "$samples"/* .
sum() { sha256sum "$1" | cut -d' ' -f1; }
run() { antin ceremony run "$1" --sha256 "$(sum "$1")"; }

# ---- What is reviewed: every sample in words, with its SHA-256; nothing is written.
for file in *.toml; do
  expect 0 antin ceremony check "$file"
  grep -F "$(sum "$file")" last.out >/dev/null || die "$file: its SHA-256 is not said"
  expect 0 antin ceremony check "$file" --json --lang vi
  [ "$(value last.out 'len(v["steps"]) > 2')" = True ] || die "$file: it is not told"
done
[ ! -e "$ANTIN_HOME" ] || die "check wrote"
sed 's/years = 20/years = 25/' root.toml >years.toml
expect 3 antin ceremony check years.toml
sed 's/^sha256 = "11/sha256 = "12/' cross-neighbour.toml >cross.toml
expect 3 antin ceremony check cross.toml
grep -F 'not the one that was said' last.err >/dev/null || die "another authority's file is taken: $(cat last.err)"

# ---- Only what was reviewed is run, and the root comes first.
expect 3 antin ceremony run root.toml --sha256 "$(sum party.toml)"
expect 2 antin ceremony run root.toml
expect 5 run party.toml
expect 0 antin ceremony run root.toml --sha256 "$(sum root.toml)" --dry-run
[ ! -e "$ANTIN_HOME/antin.toml" ] || die "something was made before the root's ceremony"

# ---- Killed when the root's key was written down, and gone on with; with another file it does not go on.
"$program" ceremony run root.toml --sha256 "$(sum root.toml)" >/dev/null 2>&1 &
running=$!
until grep -F '"of":"root"' "$ANTIN_HOME/ceremonies/root.draft.json" >/dev/null 2>&1; do
  kill -0 "$running" 2>/dev/null || break
  sleep 0.02
done
kill -9 "$running" 2>/dev/null || true
wait "$running" 2>/dev/null || true
[ ! -e "$ANTIN_HOME/ceremonies/root.json" ] || echo "it was done before it was killed"
cp root.toml reviewed.toml
echo '# more' >>root.toml
expect 3 run root.toml
grep -F 'begun by another file' last.err >/dev/null || die "another file goes on: $(cat last.err)"
expect 3 antin init
cp reviewed.toml root.toml
expect 1 antin ceremony verify root
expect 0 run root.toml
[ ! -e "$ANTIN_HOME/ceremonies/root.draft.json" ] || die "the draft is left"
cp "$ANTIN_HOME/ceremonies/root.json" root.json
[ "$(value root.json 'len(v["runs"])')" = 2 ] || die "the second run is not told"
[ "$(value root.json '[(s["act"], s["of"]) for s in v["steps"]]')" = \
  "[('key', 'officer-1'), ('key', 'officer-2'), ('key', 'officer-3'), ('key', 'root'), ('certificate', 'root'), ('list', 'root')]" ] || { cat root.json >&2; die "steps of the root"; }
expect 0 run root.toml
cmp root.json "$ANTIN_HOME/ceremonies/root.json"
expect 4 antin ceremony verify root
expect 1 antin log verify
# ---- What the root's ceremony settled stays: its file, its transcript, the officers' keys.
kept=$ANTIN_HOME/ceremonies
sed -i 's/Thử Ba/Thử Bốn/' "$kept/root.toml"
expect 3 run government.toml
cp root.toml "$kept/root.toml"
sed -i 's/Thử Ba/Thử Bốn/' "$kept/root.json"
expect 3 run government.toml
cp root.json "$kept/root.json"
cp -r "$ANTIN_HOME" swapped
(
  export ANTIN_HOME=$work/swapped
  rm -r "$ANTIN_HOME"/officers/tokens/* "$ANTIN_HOME"/officers/kept/* 2>/dev/null || true
  expect 3 run government.toml
  grep -F "is not the one of the root's ceremony" "$work/last.err" >/dev/null || die "an officer's key was exchanged: $(cat "$work/last.err")"
  [ "$(antin cert list --kind officer --json)" = '[]' ] || die "an officer with another key was certified"
)
for name in party government; do
  expect 0 run "$name.toml"
  expect 4 antin ceremony verify "$name" --json
done
[ "$(value "$ANTIN_HOME/ceremonies/government.json" '[s["of"] for s in v["steps"] if s["act"] == "certificate"]')" = \
  "['government', 'officer-1', 'officer-2', 'officer-3', 'document-service']" ] || die "certificates of the government's"
for name in root party government; do "$schema" ceremony-transcript.schema.json <"$ANTIN_HOME/ceremonies/$name.json" || die "$name: it does not fit its schema"; done

# ---- What was asked for is what is there.
expect 0 antin log verify --json
[ "$(value last.out '[v["required_approvals"], v["ceremony"]]')" = '[2, 7]' ] || { cat last.out; die "the log tells another ceremony"; }
openssl x509 -in "$ANTIN_HOME/out/ca/root.pem" -noout -text >root.txt
grep -F 'Public-Key: (3072 bit)' root.txt >/dev/null || die "the root's key"
for name in party government; do
  openssl x509 -in "$ANTIN_HOME/out/ca/$name.pem" -noout -text | { grep -F 'ASN1 OID: secp384r1' || true; } | grep -F 384 >/dev/null || die "the key of $name"
  expect 0 antin crl verify "$name"
done
openssl verify -CAfile "$ANTIN_HOME/out/ca/root.pem" "$ANTIN_HOME/out/ca/party.pem" >/dev/null

# ---- Signed by each officer; openssl verifies what is beside the transcript.
for name in root party government; do
  expect 0 antin ceremony sign "$name" --officer officer-1 --dry-run
  for officer in officer-1 officer-2; do expect 0 antin ceremony sign "$name" --officer "$officer"; done
  expect 4 antin ceremony verify "$name"
  grep -F 'Thử Ba has not signed' last.out >/dev/null || die "who is missing is not said"
  expect 0 antin ceremony sign "$name" --officer officer-3
  expect 1 antin ceremony sign "$name" --officer officer-3
  expect 0 antin ceremony verify "$name" --json
  [ "$(value last.out '[v["good"], v["whole"], len(v["signers"]), v["findings"]]')" = '[True, True, 3, []]' ] || die "$name is not whole"
done
expect 0 antin log verify
python3 - "$ANTIN_HOME/ceremonies/root.signatures.json" <<'PY'
import base64, json, sys
one = json.load(open(sys.argv[1]))
first = one["signatures"][0]
open("officer.der", "wb").write(base64.b64decode(first["certificate"]))
open("signature", "wb").write(base64.b64decode(first["signature"]))
open("statement", "w", newline="\n").write(f'antin-approval-1\nceremony {one["transcript"]}\nofficer {first["officer"]}\n')
PY
openssl x509 -inform DER -in officer.der -pubkey -noout >officer.pub
openssl dgst -sha256 -verify officer.pub -signature signature statement >/dev/null || die "openssl does not verify an officer's signature"
grep -F "$(sum "$ANTIN_HOME/ceremonies/root.json")" statement >/dev/null || die "they signed another transcript"

# ---- A roll-over by its file: a key in the token that was reviewed, and a proposal that officers decide on; then it waits for its completion.
expect 5 run party-2.toml
sed -i 's|^"root" = "file:ca/pins/root.pin"|&\n"party-2" = "file:ca/pins/party-2.pin"|' "$ANTIN_HOME/antin.toml"
printf 93716402 >"$ANTIN_HOME/ca/pins/party-2.pin"
chmod 600 "$ANTIN_HOME/ca/pins/party-2.pin"
SO=84027519 expect 0 antin token init party-2 --in ca --so-pin env:SO
expect 4 run party-2.toml
grep -F 'antin proposal approve' last.out >/dev/null || die "who has to decide is not said"
expect 4 run party-2.toml
[ "$(antin proposal list --json | grep -o '"number"' | wc -l)" = 2 ] || die "run again, it was proposed again"
expect 1 antin ceremony sign party-2 --officer officer-1
antin proposal show 2 --json >proposal.json
[ "$(value proposal.json '[v["content"]["name"], v["content"]["follows"], v["content"]["issued_by"], v["content"]["algorithm"], v["content"]["issues_from"]]')" = \
  "['party-2', 'party', 'root', 'p384', '2035-12-31T17:00:00Z']" ] || { cat proposal.json >&2; die "another proposal than the file's"; }
[ "$(value "$ANTIN_HOME/ceremonies/party-2.draft.json" '[(s["act"], s["found"]) for s in v["steps"]]')" = "[('key', False), ('proposal', False)]" ] || die "steps of the roll-over"
[ "$(value "$ANTIN_HOME/ceremonies/party-2.draft.json" 'v["steps"][0]["public_key"]')" = "$(value proposal.json 'v["content"]["key"]')" ] || die "another key is proposed"
sed 's/party-2/party-3/' party-2.toml >party-3.toml
expect 3 run party-3.toml
for officer in officer-1 officer-2; do expect 0 antin proposal approve 2 --officer "$officer"; done
expect 4 run party-2.toml
grep -F 'roll-over complete party-2' last.out >/dev/null || die "what completes it is not said"
expect 0 antin log verify
expect 0 antin ca roll-over complete party-2
expect 0 run party-2.toml
for officer in officer-1 officer-2 officer-3; do expect 0 antin ceremony sign party-2 --officer "$officer"; done
expect 0 antin ceremony verify party-2
[ "$(value "$ANTIN_HOME/ceremonies/party-2.json" '[s["act"] for s in v["steps"]]')" = "['key', 'proposal', 'certificate', 'list']" ] || die "what completed the roll-over is not in its transcript"
expect 0 antin log verify

# ---- On paper.
expect 0 antin ceremony print root -o root.pdf --lang vi
expect 1 antin ceremony print root -o root.pdf
pdftotext -layout root.pdf root-page.txt
for words in 'BIÊN BẢN LỄ TẠO KHÓA' 'Lễ tạo khóa CA gốc' 'Cán bộ duyệt Thử Ba, cán bộ duyệt' 'Chứng Thử Hai, người chứng kiến' "$(sum root.json | cut -c1-8)" 'vừa làm'; do
  tr -s ' \n' ' ' <root-page.txt | grep -- "$words" >/dev/null || { cat root-page.txt >&2; die "the page does not say: $words"; }
done

# ---- A changed octet, a changed file, a changed certificate: each is found, and nobody signs such a transcript.
sed 's/"place":"Phòng/"place":"Phong/' "$ANTIN_HOME/ceremonies/root.json" >other.json
expect 3 antin ceremony verify other.json
grep -F 'another transcript' last.out >/dev/null || die "a changed transcript is not found: $(cat last.out)"
sed 's/,/, /' root.json >spaced.json
expect 3 antin ceremony verify spaced.json
cp "$ANTIN_HOME/out/ca/party.pem" party.pem
cp "$ANTIN_HOME/out/ca/root.pem" "$ANTIN_HOME/out/ca/party.pem"
expect 3 antin ceremony verify party
cp party.pem "$ANTIN_HOME/out/ca/party.pem"
echo '#' >>"$ANTIN_HOME/ceremonies/party.toml"
expect 3 antin ceremony verify party
expect 3 antin ceremony print party -o party.pdf
expect 3 antin ceremony sign party --officer officer-1
expect 3 run party.toml

# ---- A home that `antin init` began has no ceremony by a file, and one that was begun by a file is no sample's.
expect 3 antin init
export ANTIN_HOME=$work/sample
expect 0 antin init
expect 3 run root.toml
expect 3 run party.toml
