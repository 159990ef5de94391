# Certificates of another authority (made up here, with openssl): `antin cert import` matches them to whose they are, lists the doubtful
# ones, takes what that authority's CRL says, and they never pass for ours.
source "$(dirname "$0")/home.sh"
approved_roster 12
expect 0 antin roster issue roster.jsonl
openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out device.key 2>/dev/null
openssl req -new -key device.key -subj '/CN=may-chu.lamdong.test' -out device.csr
device() { antin cert device --csr device.csr --dns may-chu.lamdong.test --organisation 'ĐƠN VỊ THỬ' --requested-by 000.00.90.H36 -o device.pem; }
expect 4 device
for officer in officer-1 officer-2; do expect 0 antin roster approve 'device may-chu.lamdong.test' --officer $officer; done
expect 0 device
antin cert list --json >ours.json

# An authority NAME of its own: authority NAME SUBJECT.
authority() {
  mkdir -p "$1/new"
  : >"$1/index.txt"
  echo 'unique_subject = no' >"$1/index.txt.attr"
  echo 1000 >"$1/crlnumber"
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -utf8 -subj "$2" -days 3650 -keyout "$1/ca.key" -out "$1/ca.pem" \
    -addext keyUsage=critical,keyCertSign,cRLSign 2>/dev/null
  cat >"$1/ca.cnf" <<CNF
[ca]
default_ca = this
[this]
database = $1/index.txt
new_certs_dir = $1/new
crlnumber = $1/crlnumber
serial = $1/serial
certificate = $1/ca.pem
private_key = $1/ca.key
default_md = sha256
default_crl_days = 30
policy = any
x509_extensions = leaf
copy_extensions = copy
[any]
countryName = optional
stateOrProvinceName = optional
localityName = optional
organizationName = optional
organizationalUnitName = optional
commonName = optional
userId = optional
emailAddress = optional
[leaf]
keyUsage = critical,digitalSignature,nonRepudiation
basicConstraints = critical,CA:FALSE
CNF
}
serial=100
# issue AUTHORITY NAME SUBJECT [OPTIONS of openssl ca]: NAME.pem; its key is NAME.key, made when it is not there.
issue() {
  local ca=$1 name=$2 subject=$3
  shift 3
  [ -e "$name.key" ] || openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$name.key" 2>/dev/null
  openssl req -new -utf8 -key "$name.key" -subj "$subject" -out "$name.csr"
  printf '%016X\n' $((0x7AF2DF5200000000 + serial++)) >"$ca/serial"
  openssl ca -config "$ca/ca.cnf" -batch -notext -preserveDN -utf8 -in "$name.csr" -out "$name.pem" \
    -days 700 "$@" 2>ca.err || { cat ca.err >&2; die "openssl ca: $name"; }
}
other='/C=VN/O=DỮ LIỆU GIẢ LẬP/CN=CA THỬ NGHIỆM của nơi khác'
authority other "$other"
python3 - <<'PY'
import json, shlex
rows = [json.loads(line) for line in open("roster.jsonl", encoding="utf-8")][1:]
persons = [row for row in rows if row["kind"] == "personal"]
bodies = [row for row in rows if row["kind"] == "organisation"]
with open("names.sh", "w", encoding="utf-8") as out:
    for i, row in enumerate(persons[:3] + bodies[:1]):
        for name, value in [("code", row["code"]), *row["fields"].items()]:
            out.write(f"s{i}_{name}={shlex.quote(value)}\n")
PY
. ./names.sh
mkdir dir dir/under
issue other mail "/C=VN/O=$s0_o/OU=$s0_ou/CN=$s0_cn/emailAddress=$s0_mail"
cp mail.pem dir/a-mail.pem
issue other name "/C=VN/O=${s1_o,,}/OU=${s1_ou}/CN=${s1_cn^^}"
openssl x509 -in name.pem -outform DER -out dir/under/b-name.DER
issue other body "/C=VN/L=$s3_l/O=$s3_o/CN=$s3_cn"
cp body.pem dir/c-body.cer
issue other lat '/C=VN/L=Huyện Lạc Dương/O=ỦY BAN NHÂN DÂN TỈNH LÂM ĐỒNG/CN=ỦY BAN NHÂN DÂN XÃ LÁT' -startdate 20250301000000Z
issue other code '/C=VN/O=ĐƠN VỊ GIẢ LẬP/UID=000.92.93.H36/CN=CƠ QUAN THỬ' -startdate 20250301000000Z
openssl crl2pkcs7 -nocrl -certfile lat.pem -certfile code.pem -outform DER -out dir/d-two.p7b
issue other elsewhere "/C=VN/O=$s2_o/OU=PHÒNG THỬ NGHIỆM/CN=$s2_cn"
# A body of a ward of today, and those above of units as they were in March 2025.
issue other ward '/C=VN/O=ỦY BAN NHÂN DÂN TỈNH LÂM ĐỒNG/CN=ỦY BAN NHÂN DÂN PHƯỜNG XUÂN HƯƠNG - ĐÀ LẠT'
issue other stranger '/C=VN/O=CÔNG TY GIẢ LẬP/OU=PHÒNG MẪU/CN=Người Lạ Thử'
{ cat elsewhere.pem; echo '-----BEGIN CERTIFICATE-----'; echo 'MIIBAAAA'; echo '-----END CERTIFICATE-----'; cat stranger.pem stranger.key ward.pem; } >dir/e-bundle.pem
issue other past "/C=VN/O=$s0_o/OU=$s0_ou/CN=$s0_cn/emailAddress=$s0_mail" -startdate 20200101000000Z -enddate 20210101000000Z
cp past.pem dir/f-past.crt
openssl genrsa -out weak.key 1024 2>/dev/null
issue other weak '/C=VN/O=ỦY BAN NHÂN DÂN TỈNH LÂM ĐỒNG/CN=ỦY BAN NHÂN DÂN PHƯỜNG 1' -md sha1 -startdate 20250301000000Z
cp weak.pem dir/g-weak.pem
cp device.key same.key
issue other same '/C=VN/O=ỦY BAN NHÂN DÂN TỈNH LÂM ĐỒNG/CN=ỦY BAN NHÂN DÂN THÀNH PHỐ ĐÀ LẠT' -startdate 20250301000000Z
cp same.pem dir/h-same.pem
cp mail.pem dir/i-again.pem
cp other/ca.pem dir/j-ca.pem
echo nonsense >dir/k-broken.der
echo nonsense >dir/l-notes.txt
openssl ca -config other/ca.cnf -gencrl -out empty.crl 2>/dev/null

antin log show --json | grep -o '"index"' | wc -l >log.before
expect 1 antin cert import dir --dry-run --json
[ "$(antin cert list --foreign --json)" = '[]' ] || die "--dry-run wrote"
mv last.out dry.json
expect 1 antin cert import dir --json
mv last.out first.json
antin cert list --foreign --json >foreign.json
antin log show --json >log.json
cat >told.py <<'PY'
import json, sys
load = lambda name: json.load(open(name, encoding="utf-8"))
def name_of(file): return file.split("/")[-1].split(".")[0]
PY
cat - >check.py <<'PY'
from told import *
dry, first, foreign = load("dry.json"), load("first.json"), load("foreign.json")
assert dry.pop("dry_run") is True and first.pop("dry_run") is False and dry == first, (dry, first)
assert {name: first[name] for name in ("files", "imported", "expired", "known", "own", "authorities")} == \
    {"files": 11, "imported": 11, "expired": 1, "known": 1, "own": 0, "authorities": 1}, first
assert first["refused"] == [] and first["crls"] == []
assert sorted(name_of(one["file"]) for one in first["unreadable"]) == ["e-bundle", "k-broken"], first["unreadable"]
doubts = {}
for one in first["doubtful"]:
    doubts.setdefault(name_of(one["file"]), set()).update(doubt["rule"] for doubt in one["doubts"])
assert doubts == {"e-bundle": {"import.other_unit", "import.no_match"}, "f-past": {"import.expired"},
                  "g-weak": {"import.weak_key", "import.sha1", "import.several_units"}, "h-same": {"import.own_key", "import.unit_ended"},
                  "d-two": {"import.unit_ended"}}, doubts
assert len(foreign) == 11 and all(row["id"].startswith("foreign-") for row in foreign)
assert {row["issuer"] for row in foreign} == {"CN=CA THỬ NGHIỆM của nơi khác,O=DỮ LIỆU GIẢ LẬP,C=VN"}
assert set(foreign[0]) == set(load("ours.json")[0])
assert [row["status"] for row in foreign].count("expired") == 1
entries = [json.loads(row["entry"]) if isinstance(row["entry"], str) else row["entry"] for row in load("log.json")]
assert len([entry for entry in entries if entry["type"] == "foreign.import"]) == 11
assert len(entries) == int(open("log.before").read()) + 11
PY
python3 check.py
expect 0 antin log verify

# show NAME MEMBER: what is on record of a certificate made above.
id_of() { openssl x509 -in "$1.pem" -noout -serial | cut -d= -f2 | sed 's/^0*//'; }
show() { antin cert show "$(id_of "$1")" --json | python3 -c 'import json, sys; print(json.load(sys.stdin)[sys.argv[1]])' "$2"; }
for row in mail:subscriber:"$s0_code" name:subscriber:"$s1_code" body:subscriber:"$s3_code" past:subscriber:"$s0_code" past:status:expired \
  lat:unit:24862 code:unit:675 elsewhere:subscriber: stranger:unit: weak:unit: same:unit:672 ward:unit:24781 \
  lat:kind:organisation stranger:kind:personal mail:status:valid; do
  IFS=: read -r name member wanted <<<"$row"
  [ "$(show "$name" "$member")" = "$wanted" ] || die "$row is $(show "$name" "$member")"
done
antin --lang vi cert show "$(id_of weak)" | grep -q 'khóa yếu' || die "the doubts are not told in Vietnamese"
mail=$(show mail id)
antin cert show "$mail" >shown
grep -q '^issuer: CN=CA THỬ NGHIỆM của nơi khác' shown || die "another issuer is shown"

# Ours are as they were: no list of ours, no command of ours.
antin cert list --json | cmp - ours.json || die "cert list changed"
for act in revoke suspend resume; do
  expect 3 antin cert $act "$mail"
  grep -q 'only its issuer can revoke it' last.err || { cat last.err; die "$act: no clear refusal"; }
done
expect 3 antin cert revoke "$(id_of mail)" --dry-run
expect 3 antin sign roster.jsonl --format cades --signer "$mail"
expect 3 antin cert export "$mail"
expect 0 antin crl build
for name in root party government; do
  [ "$(antin crl show $name --json | grep -c "$(id_of mail)")" = 0 ] || die "$name has it"
done
expect 2 antin cert list --foreign --issuer party
antin cert list --foreign --expiring 2y --json >soon.json
[ "$(grep -o '"id"' soon.json | wc -l)" = 10 ] || die "--foreign --expiring"
antin cert list --foreign --expiring 2y --ics | grep -c BEGIN:VEVENT | grep -qx 10 || die "--foreign --ics"
antin cert list --foreign --csv >foreign.csv
python3 - <<'PY'
import csv, json
table = list(csv.DictReader(open("foreign.csv", encoding="utf-8-sig", newline=""), strict=True))
rows = json.load(open("foreign.json", encoding="utf-8"))
assert [line["id"] for line in table] == [row["id"] for row in rows]
assert [line["issuer"] for line in table] == [row["issuer"] for row in rows]
PY
[ "$(antin cert list --foreign --kind organisation --status valid --json | grep -o '"id"' | wc -l)" = 6 ] || die "--foreign --kind"

# Again: nothing is new.
expect 1 antin cert import dir --json
grep -q '"imported":0,"expired":0,"known":12,' last.out || { cat last.out; die "imported twice"; }

# What its CRL says. Another's list, a list that nobody's certificate checks, one that was changed: refused.
mkdir ca
cp other/ca.pem ca/
openssl ca -config other/ca.cnf -revoke mail.pem -crl_reason keyCompromise 2>/dev/null
openssl ca -config other/ca.cnf -revoke name.pem -crl_reason certificateHold 2>/dev/null
openssl ca -config other/ca.cnf -gencrl -out hold.crl 2>/dev/null
mkdir nobody
cp stranger.pem nobody/
expect 3 antin cert import nobody --crl hold.crl
grep -q 'there is no certificate of CN=CA' last.out || { cat last.out; die "a list without an issuer"; }
openssl crl -in hold.crl -outform DER -out hold.der
python3 -c 'octets = bytearray(open("hold.der", "rb").read()); octets[-3] ^= 1; open("changed.crl", "wb").write(octets)'
expect 3 antin cert import ca --crl changed.crl
[ "$(show mail status)" = valid ] || die "a changed list was believed"
expect 0 antin cert import ca --crl hold.crl --dry-run --json
grep -q '"taken":true,"stale":false,"changed":2' last.out || { cat last.out; die "what the list would change"; }
[ "$(show mail status)" = valid ] || die "--dry-run revoked"
expect 0 antin cert import ca --crl empty.crl hold.der
[ "$(show mail status)" = revoked ] || die "not revoked"
[ "$(show name status)" = suspended ] || die "not on hold"
expect 0 antin log verify
[ "$(antin cert show "$mail" --at 2024-01-01T00:00:00Z --json | grep -o '"status":"[a-z]*"')" = '"status":"expired"' ] || die "--at"
antin cert show "$mail" | grep -q 'act: revoke, .*reason: keyCompromise' || die "the event is not shown"
expect 0 antin cert import ca --crl hold.crl --json
grep -q '"changed":0' last.out || die "the same list changes something again"
expect 1 antin cert import ca --crl missing.crl
expect 1 antin cert import nowhere

# The same issuer and serial with other octets, and certificates in our own CA's name.
authority twin "$other"
mkdir forged
issue twin twin "/C=VN/O=$s0_o/CN=Kẻ Giả Mạo"
openssl x509 -req -in twin.csr -CA twin/ca.pem -CAkey twin/ca.key -set_serial "0x$(id_of mail)" -days 100 -out forged/twin.pem 2>/dev/null
expect 3 antin cert import forged
grep -q 'REFUSED forged/twin.pem: .* other octets' last.out || { cat last.out; die "a twin"; }
openssl x509 -req -in twin.csr -CA twin/ca.pem -CAkey twin/ca.key -set_serial 7777 -days 100 -out forged/twin.pem 2>/dev/null
openssl x509 -req -in twin.csr -CA twin/ca.pem -CAkey twin/ca.key -set_serial 7777 -days 101 -out forged/twin2.pem 2>/dev/null
expect 3 antin cert import forged --json
[ "$(grep -o 'import.contested' last.out | wc -l)" = 2 ] || { cat last.out; die "two of one serial"; }
rm forged/twin2.pem
cp other/ca.pem forged/
expect 0 antin cert import forged --json --dry-run
grep -q '"import.signature"' last.out || { cat last.out; die "a signature of nobody"; }
rm -r forged
mkdir forged
authority false "$(openssl x509 -in "$ANTIN_HOME/out/ca/government.pem" -noout -subject -nameopt utf8,sep_multiline,sname,dn_rev 2>/dev/null | tail -n +2 | tac | sed 's/^ */\//' | tr -d '\n')"
issue false false "/C=VN/O=$s0_o/CN=Kẻ Giả Mạo"
cp false.pem forged/
cp device.pem forged/
expect 3 antin cert import forged --json
grep -q '"imported":0,.*"own":2,"authorities":0,.*import.in_our_name' last.out || { cat last.out; die "a certificate in our name"; }
expect 0 antin log verify
# The log misses one, the store misses one.
for sql in "DELETE FROM foreign_revocation" "DELETE FROM foreign_revocation; DELETE FROM foreign_certificate WHERE seq = 1" \
  "UPDATE foreign_revocation SET reason = 0" "UPDATE foreign_certificate SET der = der || x'00' WHERE seq = 1"; do
  rm -rf copy
  cp -r "$ANTIN_HOME" copy
  sqlite3 copy/store/antin.sqlite "PRAGMA foreign_keys = OFF; $sql"
  ANTIN_HOME=$work/copy expect 1 antin log verify
done

# One serial number of two authorities: neither is shown in place of the other.
own=$(openssl x509 -in device.pem -noout -serial | cut -d= -f2)
openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out twin.key 2>/dev/null
openssl req -new -utf8 -key twin.key -subj "/C=VN/O=$s2_o/OU=$s2_ou/CN=$s2_cn/emailAddress=$s2_mail" -out twin.csr
echo "$own" >other/serial
openssl ca -config other/ca.cnf -batch -notext -preserveDN -utf8 -in twin.csr -out twin.pem -days 700 2>ca.err || { cat ca.err >&2; die "openssl ca: twin"; }
mkdir twins; cp twin.pem twins/
antin cert import twins >/dev/null || true
twin=$(antin cert list --foreign --json | grep -o "\"id\":\"foreign-[0-9a-f]*-$own\"" | cut -d'"' -f4)
[ -n "$twin" ] || die "the twin is not tracked"
expect 3 antin cert show "$own"
grep -q "fits several certificates; name one of .*-$own, $twin" last.err || { cat last.err >&2; die "it is not said which two there are"; }
expect 0 antin cert show "$twin"
expect 0 antin cert show "$(antin cert list --kind device --json | grep -o "\"id\":\"[a-z]*-$own\"" | cut -d'"' -f4)"
