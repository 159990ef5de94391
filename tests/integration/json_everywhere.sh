# Every command that `antin` has, once with --json: stdout is one JSON value on one line with the members that docs/cli.md names. The commands
# are read from the program, the members from the table; a command that this test does not know fails it.
#   json_everywhere.sh ANTIN DOCS-FOLDER
source "$(dirname "$0")/home.sh"
source "$(dirname "$0")/old_authority.sh"
docs=$(realpath "$2")
export OLD_PASS=bi-mat-cu SO=90817263
old_authority old 3
old_ca old -revoke newcerts/1002.pem -crl_reason superseded
old_ca old -gencrl -out crl.pem
mv old/key.pem old.key
certified() {  # NAME EXTENSIONS: a certificate of another authority's
  openssl req $curve -keyout "$1.key" -out "$1.csr" -subj "/C=VN/O=Gia lap/CN=$1" 2>/dev/null
  printf 'subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\nkeyUsage=critical,digitalSignature\n%b\n' "$2" >"$1.ext"
  openssl x509 -req -in "$1.csr" -CA other.pem -CAkey other.key -CAcreateserial -days 30 -extfile "$1.ext" -out "$1.pem" 2>/dev/null
}
openssl req -x509 $curve -keyout other.key -out other.pem -days 60 -subj '/C=VN/O=Gia lap/CN=CA khac' -addext keyUsage=critical,keyCertSign,cRLSign 2>/dev/null
certified responder 'extendedKeyUsage=OCSPSigning\nnoCheck=ignored'
certified stamper 'extendedKeyUsage=critical,timeStamping'
certified stranger ''
printf 'V\t491231235959Z\t\t%s\tunknown\t/CN=stranger\n' "$(openssl x509 -in stranger.pem -noout -serial | cut -d= -f2)" >index.txt
openssl ocsp -index index.txt -CA other.pem -rsigner responder.pem -rkey responder.key -issuer other.pem -cert stranger.pem -no_nonce -ndays 2 -respout answer.der >/dev/null 2>&1
printf '%s\n' '[tsa]' serial=serial signer_digest=sha256 default_policy=1.3.6.1.4.1.32473.2.1 digests=sha256 accuracy=secs:1 ess_cert_id_alg=sha256 >tsa.cnf
openssl ts -query -data other.pem -sha256 -cert -out query.tsq 2>/dev/null
openssl ts -reply -config tsa.cnf -section tsa -queryfile query.tsq -signer stamper.pem -inkey stamper.key -out stamp.tsr 2>/dev/null
mkdir foreign && cp stranger.pem foreign
for name in device person lost; do openssl req -new $curve -keyout "$name.key" -subj "/CN=$name.lamdong.test" -out "$name.csr" 2>/dev/null; done
cp "$docs"/ceremonies/*.toml .
python3 "$(dirname "$0")/json_everywhere.py" "$program" "$docs/cli.md"
