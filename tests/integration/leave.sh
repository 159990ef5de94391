# Leaving: what `antin export --all` writes is enough for `openssl ca` to go on: it knows every certificate, and its next list has the same
# entries as ours.
source "$(dirname "$0")/home.sh"
approved_roster 20
expect 0 antin roster issue roster.jsonl
mapfile -t ids < <(antin cert list --kind personal --json | python3 -c 'import json, sys; print("\n".join(row["id"] for row in json.load(sys.stdin)))')
reasons=(keyCompromise affiliationChanged superseded cessationOfOperation unspecified)
for i in "${!reasons[@]}"; do expect 0 antin cert revoke "${ids[i]}" --requested-by 000.00.90.H36 --reason "${reasons[i]}"; done
allow_suspension
expect 0 antin cert suspend "${ids[5]}"
expect 0 antin crl build
expect 0 antin export --all -o leaving --dry-run
[ ! -e leaving ] || die "--dry-run wrote"
expect 0 antin export --all -o leaving
expect 1 antin export --all -o leaving   # not empty any more
[ "$(cat leaving/*/index.txt | wc -l)" = "$(antin cert list --json | grep -o '"id"' | wc -l)" ] || die "index.txt and the store count differently"
# Another program with a key of its own: the issuing keys stay in their tokens.
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=next -days 30 -keyout next.key -out next.pem 2>/dev/null
# entries FILE: serial and reason of each entry of a list.
entries() {
  openssl crl -in "$1" ${2:+-inform $2} -noout -text | awk '/Serial Number:/ {if (s) print s, r; s = $3; r = "-"} /X509v3 CRL Reason Code/ {getline; gsub(/^ +/, ""); gsub(/ /, "_"); r = $0} END {if (s) print s, r}' | sort
}
compared=0
for name in party government; do
  cd "leaving/$name"
  openssl ca -config openssl.cnf -gencrl -keyfile "$work/next.key" -cert "$work/next.pem" -out next.crl 2>err || { cat err >&2; die "$name: openssl ca cannot go on"; }
  entries next.crl >theirs
  entries crl.der DER >ours
  diff ours theirs >&2 || die "$name: the lists differ"
  compared=$((compared + $(wc -l <ours)))
  number=$(openssl crl -in next.crl -noout -crlnumber | cut -d= -f2) ours=$(openssl crl -inform DER -in crl.der -noout -crlnumber | cut -d= -f2)
  [ $((number)) -gt $((ours)) ] || die "$name: the next list's number is $number, ours was $ours"
  for file in certs/*.pem; do
    serial=$(openssl x509 -in "$file" -noout -serial | cut -d= -f2)
    [ "certs/$serial.pem" = "$file" ] || die "$file: is named wrongly"
    openssl ca -config openssl.cnf -status "$serial" >status 2>&1 || true
    grep -qE "^$serial=(Valid|Revoked)" status || { cat status >&2; die "$serial: openssl ca does not know it"; }
    openssl verify -CAfile ../root/ca.pem -untrusted ca.pem "$file" >/dev/null || die "$file: does not verify"
  done
  cd "$work"
done
[ "$compared" = 6 ] || die "$compared entries compared, not 6"
python3 - "$program" <<'PY'
import csv, json, subprocess, sys
rows = list(csv.DictReader(open("leaving/certificates.csv", encoding="utf-8", newline="")))
listed = json.loads(subprocess.run([sys.argv[1], "cert", "list", "--json"], capture_output=True, text=True, check=True).stdout)
assert [row["id"] for row in rows] == [row["id"] for row in listed], "ids"
for row, one in zip(rows, listed):
    for name in ("serial", "subject", "kind", "status", "issuer", "not_before", "not_after", "profile", "key"):
        assert row[name] == one[name], (row["id"], name, row[name], one[name])
PY
