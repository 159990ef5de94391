# Before another system's authority moves: `antin ca check` reads the folder of a real `openssl ca` and names what is doubtful by line, and
# `antin crl diff` holds its list and its OCSP answers against the list that would take over. Neither writes, nor needs a home.
source "$(dirname "$0")/home.sh"
export ANTIN_HOME=$work/none
mkdir -p ca/newcerts answers && cd ca
cat >openssl.cnf <<'CNF'
[ca]
default_ca = this
[this]
database = index.txt
serial = serial
crlnumber = crlnumber
new_certs_dir = newcerts
certificate = cacert.pem
private_key = key.pem
default_md = sha256
default_days = 365
default_crl_days = 30
unique_subject = no
policy = any
x509_extensions = leaf
crl_extensions = list
[any]
commonName = supplied
[leaf]
basicConstraints = CA:FALSE
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
keyUsage = critical,digitalSignature
[responder]
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
keyUsage = critical,digitalSignature
extendedKeyUsage = OCSPSigning
noCheck = ignored
[list]
authorityKeyIdentifier = keyid
CNF
touch index.txt; echo 1000 >serial; echo 05 >crlnumber
curve="-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes"
openssl req -x509 $curve -keyout key.pem -out cacert.pem -days 900 -subj '/CN=CA cu' \
  -addext 'keyUsage=critical,keyCertSign,cRLSign' 2>/dev/null
openssl req $curve -keyout leaf.key -out leaf.csr -subj '/CN=La' 2>/dev/null
for i in $(seq 20); do openssl ca -config openssl.cnf -batch -in leaf.csr -notext -out last.pem 2>/dev/null; done
openssl ca -config openssl.cnf -batch -in leaf.csr -extensions responder -notext -out responder.pem 2>/dev/null
openssl ca -config openssl.cnf -revoke newcerts/1002.pem -crl_reason superseded 2>/dev/null
openssl ca -config openssl.cnf -revoke newcerts/1003.pem -crl_compromise 20250101000000Z 2>/dev/null
openssl ca -config openssl.cnf -revoke newcerts/1004.pem 2>/dev/null
openssl ca -config openssl.cnf -gencrl -out crl.pem 2>/dev/null
cd ..
before=$(find ca -type f -exec sha256sum {} + | sort)

# The folder as it is: nothing doubtful; the certificate beside its own request and keys is no matter.
expect 0 antin --json ca check ca
python3 - <<'PY' || die "the survey of a right folder is another"
import json
value = json.load(open("last.out"))
assert [value[name] for name in ("lines", "valid", "revoked", "expired", "listed", "above_crl_number")] == [21, 18, 3, 0, 3, 5], value
assert value["doubts"] == [], value["doubts"]
PY
expect 0 antin --lang en ca check ca
grep -q "18 valid, 3 revoked, 0 expired" last.out || die "the survey says other counts"
[ "$before" = "$(find ca -type f -exec sha256sum {} + | sort)" ] || die "the survey wrote"

# `openssl ca -selfsign` has a line for the authority itself.
cp -r ca self && cp self/cacert.pem self/newcerts/own.pem
own=$(openssl x509 -in self/cacert.pem -noout -serial | cut -d= -f2)
end=$(date -u -d "$(openssl x509 -in self/cacert.pem -noout -enddate | cut -d= -f2)" +%y%m%d%H%M%SZ)
printf 'V\t%s\t\t%s\tunknown\t/CN=CA cu\n' "$end" "$own" >>self/index.txt
expect 0 antin --json ca check self
grep -q '"doubts":\[\]' last.out || die "the authority's own line is doubted"

# Certificates and a list alone.
mkdir folder && cp ca/newcerts/*.pem folder && cp ca/cacert.pem ca/crl.pem folder
mv folder/crl.pem list.pem
expect 1 antin ca check folder
expect 0 antin --json ca check folder --crl list.pem
grep -q '"valid":18,"revoked":3' <(python3 -c 'import json; v = json.load(open("last.out")); print("\"valid\":%d,\"revoked\":%d" % (v["valid"], v["revoked"]))') ||
  die "without index.txt the list does not tell what was revoked"

# doubt RULE LINE CHANGE…: a copy of the folder, changed, has this doubt at this line.
doubt() {
  local rule=$1 line=$2
  shift 2
  rm -rf bad && cp -r ca bad && (cd bad && "$@")
  expect 3 antin --json ca check bad
  python3 - "$rule" "$line" <<'PY' || die "no $rule at line $line"
import json, sys
found = [(one["rule"], one["line"]) for one in json.load(open("last.out"))["doubts"] if one["severity"] == "error"]
sys.exit(f"found {found}" if (sys.argv[1], int(sys.argv[2])) not in found else 0)
PY
}
doubt move.no_certificate 6 rm newcerts/1005.pem
doubt move.no_line 0 sed -i 6d index.txt
doubt move.line_twice 22 sh -c 'sed -n 6p index.txt >>index.txt'
doubt move.undated 3 sed -i '3s/^\(R\t[^\t]*\)\t[^\t]*/\1\t/' index.txt
doubt move.line 3 sed -i '3s/superseded/nonsense/' index.txt
doubt move.line 3 sed -i '3s/\t[0-9]*Z,/\t991399000000Z,/' index.txt
doubt move.line 7 sed -i '7s/^V/X/' index.txt
doubt move.line 7 sed -i '7s/\t/ /g' index.txt
doubt move.line 7 sed -i '7s/^V\t\([^\t]*\)\t/V\t\1\t250101000000Z/' index.txt
doubt move.expiry_differs 7 sed -i '7s/^V\t....../V\t491231/' index.txt
doubt move.expired_early 7 sed -i '7s/^V/E/' index.txt
doubt move.listed_not_revoked 5 sed -i '5s/^R\t\([^\t]*\)\t[^\t]*/V\t\1\t/' index.txt
doubt move.listed_otherwise 3 sed -i '3s/superseded/keyCompromise/' index.txt
doubt move.not_listed 7 sed -i '7s/^V\t\([^\t]*\)\t/R\t\1\t250601000000Z/' index.txt
doubt move.bad_reason 3 sed -i '3s/superseded/removeFromCRL/' index.txt
doubt move.other_issuer 0 sh -c "openssl req -x509 $curve -keyout /dev/null -out newcerts/FF.pem -days 1 -subj '/CN=CA cu' 2>/dev/null"
doubt move.serial_unfit 0 openssl x509 -req -in leaf.csr -CA cacert.pem -CAkey key.pem -set_serial 0 -days 9 -out newcerts/zero.pem
doubt move.list_not_signed 0 sh -c "openssl req -x509 $curve -keyout key.pem -out cacert.pem -days 1 -subj '/CN=CA cu' 2>/dev/null"
doubt move.not_authority 0 cp newcerts/1000.pem cacert.pem
doubt move.unreadable 0 sh -c 'head -c 200 newcerts/1001.pem >newcerts/cut.pem; echo -----END CERTIFICATE----- >>newcerts/cut.pem'
expect 3 antin --lang vi ca check bad
grep -q 'lỗi' last.out || die "the survey has no Vietnamese"
expect 1 antin ca check nowhere

# The list that takes over: the same entries under a greater number.
cp -r ca next && (cd next && openssl ca -config openssl.cnf -gencrl -out crl.pem 2>/dev/null)
openssl ocsp -issuer ca/cacert.pem -cert ca/newcerts/1001.pem -cert ca/newcerts/1003.pem -cert ca/newcerts/1004.pem -no_nonce -reqout asked 2>/dev/null
answer() {  # FOLDER FILE KEY: what the responder of this folder says
  (cd "$1" && openssl ocsp -index index.txt -CA cacert.pem -rsigner responder.pem -rkey "${3:-leaf.key}" -reqin ../asked -ndays 2 -respout "../$2" 2>/dev/null)
}
answer ca answers/one.der
expect 0 antin --json crl diff ca/crl.pem next/crl.pem --ca ca/cacert.pem --answers answers
grep -q '"same":true' last.out && grep -q '"compared":3' last.out || die "two lists with the same entries differ"
expect 0 antin lint ocsp answers/one.der

# One lost, one for another reason, one too many.
(cd next && sed -i -e '3s/superseded/keyCompromise/' -e '5s/^R\t\([^\t]*\)\t[^\t]*/V\t\1\t/' index.txt &&
  openssl ca -config openssl.cnf -revoke newcerts/1009.pem 2>/dev/null && openssl ca -config openssl.cnf -gencrl -out crl.pem 2>/dev/null)
expect 3 antin --json crl diff ca/crl.pem next/crl.pem --ca ca/cacert.pem --answers answers/one.der
python3 - <<'PY' || die "the differences are others"
import json
value = json.load(open("last.out"))
assert sorted((one["kind"], one["serial"]) for one in value["differences"]) == [("added", "1009"), ("missing", "1004"), ("reason", "1002")], value
assert [(one["kind"], one["serial"]) for one in value["answers"]["differences"]] == [("missing", "1004")], value
assert value["differences"][0]["old"]["reason"] == "superseded", value
PY
expect 3 antin --lang en crl diff ca/crl.pem next/crl.pem --ca ca/cacert.pem
grep -q '1004: revoked in the old system .* trusted again' last.out || die "a revocation that is lost is not told"

# A list or an answer of somebody else's says nothing.
openssl req -x509 $curve -keyout other.key -out other.pem -days 30 -subj '/CN=CA cu' 2>/dev/null
expect 3 antin crl diff ca/crl.pem next/crl.pem --ca other.pem
(cd ca && openssl ocsp -index index.txt -CA cacert.pem -rsigner ../other.pem -rkey ../other.key -reqin ../asked -ndays 2 -respout ../other.der 2>/dev/null)
expect 3 antin --json crl diff ca/crl.pem ca/crl.pem --ca ca/cacert.pem --answers other.der
grep -q '"compared":0' last.out && grep -q '"refused":\[{"file":"other.der"' last.out || die "an answer of another's key is believed"
# A leaf that is no responder.
(cd ca && openssl ocsp -index index.txt -CA cacert.pem -rsigner newcerts/1000.pem -rkey leaf.key -reqin ../asked -ndays 2 -respout ../leaf.der 2>/dev/null)
expect 3 antin --json crl diff ca/crl.pem ca/crl.pem --ca ca/cacert.pem --answers leaf.der
grep -q '"compared":0' last.out || die "anybody with a certificate answers for the authority"
printf 'no answer' >bad.der
expect 3 antin crl diff ca/crl.pem ca/crl.pem --ca ca/cacert.pem --answers bad.der answers
expect 3 antin crl diff ca/crl.pem ca/crl.pem --ca ca/cacert.pem --answers nowhere.der
