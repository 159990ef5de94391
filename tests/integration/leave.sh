# Leaving: what `antin export --all` writes is enough for `openssl ca` to go on: it knows every certificate, its next list has the same
# entries as ours, and what it issues, revokes and lists says what ours says: the same extensions, every attribute of the subject, nothing
# that the linter refuses.
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
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=next -days 3650 -addext subjectKeyIdentifier=hash -keyout next.key -out next.pem 2>/dev/null
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

# ---- Issuing, revoking and listing there.
# said FILE: what a certificate says beyond keys, names and serial.
said() {
  openssl x509 -in "$1" -noout -ext basicConstraints,keyUsage,extendedKeyUsage,certificatePolicies,crlDistributionPoints,authorityInfoAccess | grep -v '^ *$'
}
ca() { openssl ca -config openssl.cnf -batch -notext -keyfile "$work/next.key" -cert "$work/next.pem" "$@" 2>err || { cat err >&2; die "openssl ca $*"; }; }
subject='/C=VN/ST=TỈNH LÂM ĐỒNG/L=Đà Lạt/O=ỦY BAN (DỮ LIỆU GIẢ LẬP)/OU=VĂN PHÒNG/title=Chuyên viên/CN=Nguyễn Văn Thử' uid=/UID=CCCD:068099000001
for name in party government; do
  for profile in organisation personal; do
    ours=$(python3 - "$profile" "$name" <<'PY'
import csv, sys
for row in csv.DictReader(open("leaving/certificates.csv", encoding="utf-8", newline="")):
    if row["kind"] == sys.argv[1] and row["issuer"] == sys.argv[2]:
        serial = row["serial"].upper()
        print(f"certs/{serial if len(serial) % 2 == 0 else '0' + serial}.pem")
        break
PY
    )
    [ -n "$ours" ] || die "$name issued no $profile"
    cd "leaving/$name"
    mail=
    [ "$profile" != personal ] || mail=/emailAddress=thu@lamdong.test
    openssl req -new -utf8 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "$subject$mail$uid" -keyout new.key -out new.csr 2>/dev/null
    ca -in new.csr -out new.pem $([ "$profile" = personal ] || echo "-extensions $profile")
    diff <(said "$ours") <(said new.pem) >&2 || die "$name: openssl ca says something else in a certificate of $profile"
    diff <(openssl req -in new.csr -noout -subject -nameopt utf8,sep_comma_plus) <(openssl x509 -in new.pem -noout -subject -nameopt utf8,sep_comma_plus) >&2 ||
      die "$name: openssl ca dropped a part of the subject"
    openssl x509 -in new.pem -noout -subject -nameopt utf8 | grep -q 'UID *= *CCCD:068099000001' || die "$name: no UID"
    [ "$(openssl x509 -in new.pem -noout -ext authorityKeyIdentifier | tail -1 | tr -d ' ' | sed 's/^keyid://')" = "$(openssl x509 -in "$work/next.pem" -noout -ext subjectKeyIdentifier | tail -1 | tr -d ' ')" ] || die "$name: another authority key identifier"
    expect 0 antin lint cert new.pem --json
    if [ -n "$mail" ]; then
      openssl x509 -in new.pem -noout -ext subjectAltName | grep -qF email:thu@lamdong.test || die "$name: the mail address is in the subject alone"
      openssl req -new -utf8 -key new.key -subj "$subject$uid" -out bare.csr
      ca -in bare.csr -out bare.pem -extensions personal_without_mail
      expect 0 antin lint cert bare.pem --json
      ca -revoke bare.pem -crl_reason superseded
    fi
    ca -revoke new.pem -crl_reason superseded
    entries next.crl >before
    ca -gencrl -out next.crl
    expect 0 antin lint crl next.crl --json
    openssl crl -in next.crl -noout -text >text
    grep -q 'X509v3 Authority Key Identifier' text || die "$name: the list names no key"
    grep -A3 'X509v3 Issuing Distribution Point: critical' text | grep -qF "URI:http://pki.lamdong.test/v1/crl/$name" || die "$name: the list has no distribution point"
    { cat before; for file in new.pem ${mail:+bare.pem}; do echo "$(openssl x509 -in $file -noout -serial | cut -d= -f2) Superseded"; done; } | sort >wanted
    entries next.crl | diff wanted - >&2 || die "$name: the revoked one is not on the list, or others are not any more"
    cd "$work"
  done
done
# A root's own folder certifies issuing CAs, below which there is none.
cd leaving/root
openssl req -new -utf8 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj '/C=VN/O=DỮ LIỆU GIẢ LẬP/CN=CA SAU' -keyout new.key -out new.csr 2>/dev/null
ca -in new.csr -out new.pem -days 3000
expect 0 antin lint cert new.pem --json
diff <(said certs/"$(openssl x509 -in ../party/ca.pem -noout -serial | cut -d= -f2)".pem) <(said new.pem) >&2 || die "root: openssl ca says something else in an issuing CA's certificate"
cd "$work"
python3 - "$program" <<'PY'
import csv, json, subprocess, sys
rows = list(csv.DictReader(open("leaving/certificates.csv", encoding="utf-8", newline="")))
listed = json.loads(subprocess.run([sys.argv[1], "cert", "list", "--json"], capture_output=True, text=True, check=True).stdout)
assert [row["id"] for row in rows] == [row["id"] for row in listed], "ids"
for row, one in zip(rows, listed):
    for name in ("serial", "subject", "kind", "status", "issuer", "not_before", "not_after", "profile", "key"):
        assert row[name] == one[name], (row["id"], name, row[name], one[name])
PY
