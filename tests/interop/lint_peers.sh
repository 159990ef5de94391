# pkilint and zlint find no error in what is issued: a certificate of every profile under two kinds of CA keys, and what
# stands in a home with its lists after a year of it: renewed and changed certificates, those that an incident reissued, a
# roll-over of the root with its link certificates and of an issuing CA, and the list of an authority that moved in. Both are installed into a folder that goes away; where they cannot be, that is said.
source "$(dirname "$0")/../integration/home.sh"
each=$(realpath "$2")
skip() { echo "SKIPPED ALOUD: $*"; exit 77; }
{ python3 -m venv peers && peers/bin/pip install -q pkilint==0.13.3; } >pip.log 2>&1 || { tail -3 pip.log; skip "pkilint cannot be installed"; }
GOBIN=$work/peers/bin GOPATH=$work/go GOFLAGS=-modcacherw go install github.com/zmap/zlint/v3/cmd/zlint@v3.7.3 >go.log 2>&1 ||
  { tail -3 go.log; skip "zlint cannot be installed"; }

checked=0
# pkilint_says CERT-OR-CRL FILE OPTION…: no finding of an error or worse.
pkilint_says() {
  local program=$1 file=$2
  shift 2
  "peers/bin/$program" lint "$@" -s ERROR "$file" >said 2>&1 || { cat said >&2; die "pkilint finds errors in $file"; }
}
zlint_says() {
  local file=$1 form=$2
  shift 2
  peers/bin/zlint -format "$form" "$@" "$file" >said 2>&1 || { cat said >&2; die "zlint cannot read $file"; }
  if grep -oE '"[ef]_[a-z0-9_]+":\{"result":"(error|fatal)"' said >&2; then die "zlint finds errors in $file"; fi
}
# Left out is what binds publicly trusted authorities alone: the S/MIME baseline wants policies that we may not claim, and browsers
# want public host names and short lives of TLS servers.
browsers=CABF_BR,CABF_EV,CABF_CS_BR,CABF_SMIME_BR,Mozilla,Apple,Chrome
# certificate_says FILE [ZLINT-SOURCES-LEFT-OUT]
certificate_says() {
  local file=$1
  expect 0 antin lint cert "$file"
  pkilint_says lint_pkix_cert "$file"
  zlint_says "$file" pem -excludeSources "${2:-CABF_SMIME_BR}"
  checked=$((checked + 1))
}
list_says() {
  expect 0 antin lint crl "$2"
  pkilint_says lint_crl "$2" -t "$1" -p PKIX
  openssl crl -inform DER -in "$2" -out list.pem
  zlint_says list.pem pem
  checked=$((checked + 1))
}

mkdir each
"$each" each
for file in each/*.pem; do
  case $file in
    */device-*) certificate_says "$file" "$browsers" ;;
    *) certificate_says "$file" ;;
  esac
done

approved_roster 12
expect 0 antin roster issue roster.jsonl
expect 0 antin cert revoke 930.91.90.H36-01 --requested-by 000.00.90.H36 --reason keyCompromise
openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout may.key -out may.csr -subj /CN=may 2>/dev/null
device() { antin cert device --csr may.csr --dns may-1.lamdong.test --organisation "DỮ LIỆU GIẢ LẬP" --requested-by 000.00.90.H36 -o chain.pem; }
expect 4 device
for officer in officer-1 officer-2; do expect 0 antin roster approve "device may-1.lamdong.test" --officer $officer; done
expect 0 device
openssl x509 -in chain.pem -out may.pem
certificate_says may.pem "$browsers"

# ---- Acts on certificates: renewed, and changed.
issued() {  # ROSTER: submitted, approved and issued
  expect 0 antin roster submit "$1"
  for officer in officer-1 officer-2; do expect 0 antin roster approve "$1" --officer $officer; done
  expect 0 antin roster issue "$1"
}
antin cert list --kind personal --status valid --json >persons.json
python3 - <<'PY'
import json
rows = {row["code"]: row for row in map(json.loads, open("roster.jsonl", encoding="utf-8")) if "code" in row}
subjects = json.load(open("persons.json"))
with open("acts.jsonl", "w", encoding="utf-8") as out:
    print(json.dumps({"format": "antin-roster-2", "name": "tháng"}), file=out)
    codes = [code for code in rows if rows[code]["kind"] == "personal"]
    find = lambda code: next((one["id"] for one in subjects if rows[code]["fields"]["mail"] in one["subject"]), None)
    number = 0
    for act, code in zip(("renew", "renew", "change", "change"), [code for code in codes if find(code)]):
        number += 1
        row = {"row": number, "act": act, "code": code, "kind": "personal", "bloc": rows[code]["bloc"], "profile": "personal",
               "replaces": find(code), "requested_by": "000.00.99.H36"}
        if act == "change":
            row["fields"] = {**rows[code]["fields"], "ou": "PHÒNG MỚI"}
        print(json.dumps(row, ensure_ascii=False), file=out)
    assert number == 4, number
PY
issued acts.jsonl

# ---- Reissued after an incident.
expect 4 antin incident create 'khóa yếu' --select kind=organisation --reason keyCompromise --deadline 24h --reissue
for officer in officer-1 officer-2; do expect 0 antin incident approve 'khóa yếu' --officer $officer; done
expect 0 antin incident reissue 'khóa yếu' -o again.jsonl --requested-by 000.00.99.H36
issued again.jsonl
expect 0 antin incident run 'khóa yếu'

# ---- A roll-over of the root and of an issuing CA, and what the new one issues.
decided() {  # NUMBER of the proposal
  for officer in officer-1 officer-2; do expect 0 antin proposal approve "$1" --officer $officer; done
}
number_of() { python3 -c 'import json; print(json.load(open("last.out"))["number"])'; }
now=$(date -u +%Y-%m-%dT%H:%M:%SZ)
for issuer in root government; do
  expect 4 antin ca roll-over propose $issuer --key p384 --from "$now" --json
  decided "$(number_of)"
  expect 0 antin ca roll-over complete $issuer-2
done
expect 0 antin roster sample --rows 6 --seed 7 -o later.jsonl
sed -i 's/"code":"/"code":"L-/; s/"name":"[^"]*"/"name":"sau"/' later.jsonl
issued later.jsonl
[ "$(antin cert list --issuer government-2 --json)" != '[]' ] || die "the new generation issued nothing"
for link in root-2-by-root root-by-root-2; do [ -e "$ANTIN_HOME/out/ca/$link.pem" ] || die "no link certificate $link"; done

# ---- An authority that moved in: its list by us.
source "$(dirname "$0")/../integration/old_authority.sh"
old_authority old 6
old_ca old -revoke newcerts/1002.pem -crl_reason superseded
old_ca old -revoke newcerts/1003.pem -crl_compromise 20250101000000Z
old_ca old -revoke newcerts/1004.pem -crl_reason certificateHold
old_ca old -gencrl -out crl.pem
mv old/key.pem old.key
printf '%s\n' "government-old = \"file:ca/pins/government-old.pin\"" >pin.line
sed -i '/^\[tokens\.ca\.pins\]/r pin.line' "$ANTIN_HOME/antin.toml"
(umask 077 && echo 48151623 >"$ANTIN_HOME/ca/pins/government-old.pin")
SO=90817263 expect 0 antin token init government-old --in ca --so-pin env:SO
expect 4 antin ca import propose government-old old --key old.key --json
decided "$(number_of)"
expect 0 antin ca import complete government-old old

expect 0 antin crl build
expect 0 antin cert export --all --out certs
rm "$ANTIN_HOME/out/ca/government-old.pem"  # another's, from before
for file in certs/*.pem; do
  ! openssl x509 -in "$file" -noout -issuer -nameopt utf8 | grep -q 'CA cũ' || rm "$file"
done
for file in "$ANTIN_HOME"/out/ca/*.pem certs/*.pem; do
  openssl x509 -in "$file" -out one.pem
  cmp -s one.pem may.pem || certificate_says one.pem
done
for name in root root-2; do list_says ARL "$ANTIN_HOME/out/crl/$name.crl"; done
for name in party government government-2 government-old; do list_says CRL "$ANTIN_HOME/out/crl/$name.crl"; done
[ "$checked" -ge 70 ] || die "only $checked were looked at"
echo "pkilint and zlint find no error in $checked certificates and lists"
