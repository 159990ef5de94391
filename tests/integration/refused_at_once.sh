# What the authority has decided holds at once: a revoked or suspended signer signs nothing more, before any new CRL; and what is refused
# writes nothing. By command line and by API.
source "$(dirname "$0")/home.sh"
antind=$(realpath "$2")
expect 0 antin init
expect 0 antin roster sample --rows 12 -o roster.jsonl

# A clock that went backwards: no key is made before it is noticed.
keys() { antin token doctor seals --json | grep -o '"keys":[0-9]*' | tr -dc 0-9; }
before=$(keys)
expect 3 antin roster submit roster.jsonl --at 2020-01-01T00:00:00Z
[ "$(keys)" = "$before" ] || die "keys were made although the clock was refused"
# A row that the linter would refuse is found by the dry run and by submit, before keys are made or anybody approves.
python3 - <<'PY'
import json
lines = open("roster.jsonl", encoding="utf-8").read().splitlines()
row = json.loads(lines[2])
row["fields"]["mail"] = "thu.lamdong.test"
lines[2] = json.dumps(row, ensure_ascii=False)
open("bad.jsonl", "w", encoding="utf-8").write("\n".join(lines) + "\n")
PY
expect 3 antin roster check bad.jsonl
expect 3 antin roster submit bad.jsonl
[ "$(keys)" = "$before" ] || die "keys were made for a roster that was refused"

expect 0 antin roster submit roster.jsonl
for officer in officer-1 officer-2; do expect 0 antin roster approve roster.jsonl --officer $officer; done
# Rows and requests that were changed in the store after both officers approved: nothing is issued.
hash=$(antin roster list --json | grep -o '"roster":"[0-9a-f]*"' | cut -d'"' -f4)
for change in "content = replace(CAST(content AS TEXT), 'personal', 'personal ') WHERE number = 2" \
  "content = CAST(replace(CAST(content AS TEXT), '@lamdong.test', '@xamdong.test') AS BLOB) WHERE number = 2" \
  "request = (SELECT request FROM roster_row WHERE number = 1) WHERE number = 2"; do
  rm -rf changed
  cp -r "$ANTIN_HOME" changed
  sqlite3 changed/store/antin.sqlite "UPDATE roster_row SET $change" || die "the store was not changed"
  ANTIN_HOME=$work/changed expect 1 antin roster issue "$hash"
  grep -qE 'was changed after it was submitted|is not the one that was approved' last.err || { cat last.err >&2; die "not refused for what it is: $change"; }
  [ "$(ANTIN_HOME=$work/changed antin cert list --json | grep -cE '"kind":"(personal|organisation)"')" = 0 ] || die "issued although changed: $change"
done
expect 0 antin roster issue roster.jsonl
signer=$(antin cert list --kind organisation --json | python3 -c 'import json, sys; print(next(row["id"] for row in json.load(sys.stdin) if row["key"] == "token"))')
token=$(antin system add tester --signer '*')
"$antind" --home "$ANTIN_HOME" --listen 127.0.0.1:0 --port-file port 2>antind.err &
for _ in $(seq 200); do [ -s port ] && break; sleep 0.05; done
[ -s port ] || { cat antind.err >&2; die "antind does not listen"; }
echo thử >file.txt
# sign CODE STATUS: by command line with that exit code and by API with that status.
sign() {
  expect "$1" antin sign file.txt --signer "$signer" -o file.p7s
  local got
  got=$(curl -s -o answer -w '%{http_code}' -H "Authorization: Bearer $token" -F signer="$signer" -F file=@file.txt "http://127.0.0.1:$(cat port)/v1/sign")
  [ "$got" = "$2" ] || { cat answer >&2; die "the API answers $got, not $2"; }
}
sign 0 200
allow_suspension
expect 0 antin cert suspend "$signer"
sign 3 403
expect 0 antin cert resume "$signer"
sign 0 200
expect 0 antin cert revoke "$signer" --requested-by 000.00.90.H36 --reason keyCompromise
sign 3 403
root=$(antin cert list --kind root --json | grep -o '"id":"[^"]*"' | cut -d'"' -f4)
expect 3 antin cert revoke "$root" --reason superseded
expect 0 antin log verify
