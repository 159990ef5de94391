# antin lint finds nothing wrong in a fresh home, reads DER and PEM, and tells errors from files that cannot be read.
source "$(dirname "$0")/home.sh"
expect 0 antin init
out=$ANTIN_HOME/out
for name in root party government; do
  expect 0 antin lint cert "$out/ca/$name.pem"
  openssl x509 -in "$out/ca/$name.pem" -outform DER -out "$name.der"
  expect 0 antin lint cert "$name.der"
  expect 0 antin lint crl "$out/crl/$name.crl"
done
expect 0 antin --json lint cert root.der
grep -q '"good":true,"rules":"[0-9]*","findings":\[' last.out || die "the JSON of lint is another"

# A name constraint that is not critical, and a mail address in the subject alone.
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout bad.key -out bad.pem -days 1 \
  -subj '/CN=Thu/emailAddress=thu@lamdong.test' -addext 'nameConstraints=permitted;DNS:lamdong.test' 2>/dev/null
expect 3 antin --json lint cert bad.pem
for rule in subject_mail_not_in_san name_constraints_not_critical; do
  grep -q "\"rule\":\"$rule\",\"severity\":\"error\"" last.out || die "lint does not say $rule"
done
! grep -q 'thu@' last.out || die "lint repeats what the certificate says"
head -c 100 root.der >cut.der
expect 3 antin lint cert cut.der
expect 1 antin lint cert nothing.pem
expect 1 antin lint crl "$out/ca/root.pem"
expect 2 antin lint

# OpenSSL's answers about revocation and its time-stamp tokens, one right and one signed by whoever has a certificate.
certified() {  # NAME SUBJECT EXTENSIONS: a certificate of ca.pem's
  openssl req -newkey "$4" -pkeyopt "$5" -nodes -keyout "$1.key" -out "$1.csr" -subj "/C=VN/O=Gia lap/CN=$2" 2>/dev/null
  printf 'subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\nkeyUsage=critical,digitalSignature\n%b\n' "$3" >"$1.ext"
  openssl x509 -req -in "$1.csr" -CA ca.pem -CAkey ca.key -CAcreateserial -days 30 -extfile "$1.ext" -out "$1.pem" 2>/dev/null
}
ec="ec ec_paramgen_curve:P-256" rsa="rsa rsa_keygen_bits:2048"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ca.key -out ca.pem -days 60 \
  -subj '/C=VN/O=Gia lap/CN=CA thu' -addext 'keyUsage=critical,keyCertSign,cRLSign' \
  -addext 'basicConstraints=critical,CA:TRUE' 2>/dev/null
certified responder OCSP 'extendedKeyUsage=OCSPSigning\nnoCheck=ignored' $ec
certified stamper TSA 'extendedKeyUsage=critical,timeStamping' $ec
certified stamper_rsa 'TSA RSA' 'extendedKeyUsage=critical,timeStamping' $rsa
certified leaf La 'extendedKeyUsage=critical,timeStamping,clientAuth' $ec
printf 'V\t491231235959Z\t\t%s\tunknown\t/CN=La\n' "$(openssl x509 -in leaf.pem -noout -serial | cut -d= -f2)" >index.txt
openssl ocsp -sha256 -issuer ca.pem -cert leaf.pem -no_nonce -reqout request.der
for name in responder leaf; do
  openssl ocsp -index index.txt -CA ca.pem -rsigner "$name.pem" -rkey "$name.key" -reqin request.der -ndays 2 \
    -respout "$name.ocsp" 2>/dev/null
done
expect 0 antin --json lint ocsp responder.ocsp
grep -q '"good":true,"rules":"[0-9]*","findings":\[\]' last.out || die "lint finds fault with a right OCSP answer"
expect 3 antin --json lint ocsp leaf.ocsp
grep -q '"rule":"ocsp_responder_usage_absent"' last.out || die "anybody may answer for the authority"
printf '%s\n' '[tsa]' serial=serial signer_digest=sha256 default_policy=1.3.6.1.4.1.32473.2.1 digests=sha256 \
  accuracy=secs:1 tsa_name=yes ess_cert_id_chain=no ess_cert_id_alg=sha256 >tsa.cnf
openssl ts -query -data leaf.pem -sha256 -cert -out query.tsq 2>/dev/null
for name in stamper stamper_rsa; do
  openssl ts -reply -config tsa.cnf -section tsa -queryfile query.tsq -signer "$name.pem" -inkey "$name.key" \
    -out "$name.tsr" 2>/dev/null
  expect 0 antin --json lint tst "$name.tsr"
  grep -q '"good":true,"rules":"[0-9]*","findings":\[\]' last.out || die "lint finds fault with a right token of $name"
done
openssl ts -reply -in stamper.tsr -token_out -out stamper.tst 2>/dev/null
expect 0 antin lint tst stamper.tst
# One bit of the signature.
size=$(stat -c %s stamper.tst)
{ head -c $((size - 1)) stamper.tst; tail -c 1 stamper.tst | tr '\000-\377' '\001-\377\000'; } >spoilt.tst
expect 3 antin --json lint tst spoilt.tst
grep -q '"rule":"signature_wrong"' last.out || die "lint believes a signature that does not hold"
expect 3 antin lint tst responder.ocsp
expect 3 antin lint ocsp stamper.tst
