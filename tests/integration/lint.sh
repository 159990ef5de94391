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
