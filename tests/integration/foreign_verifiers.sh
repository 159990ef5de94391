# openssl and gnutls accept what was issued and see what was revoked.
source "$(dirname "$0")/home.sh"
approved_roster 12
expect 0 antin roster issue roster.jsonl
expect 0 antin cert revoke 930.91.90.H36-01 --requested-by 000.00.90.H36 --reason keyCompromise
expect 0 antin crl build
expect 0 antin cert export --all --out certs
serial_of() { "$program" cert show "$1" --json | sed 's/.*"serial":"\([0-9A-F]*\)".*/\1/'; }
revoked=$(serial_of 930.91.90.H36-01)
out=$ANTIN_HOME/out
for name in root party government; do
  openssl crl -inform DER -in "$out/crl/$name.crl" -CAfile "$out/ca/$name.pem" -noout 2>&1 | grep -q 'verify OK' || die "openssl crl $name"
  openssl crl -inform DER -in "$out/crl/$name.crl" -out "$name.crl.pem"
  certtool --verify-crl --load-ca-certificate "$out/ca/$name.pem" --infile "$name.crl.pem" 2>&1 | grep -q 'Verified' || die "certtool refuses the CRL of $name"
done
cat "$out/ca/party.pem" "$out/ca/government.pem" >intermediates.pem
cat root.crl.pem party.crl.pem government.crl.pem >crls.pem
checked=0
for file in certs/*.pem; do
  serial=$(basename "$file" .pem) verdict=0
  openssl verify -x509_strict -CAfile "$out/ca/root.pem" -untrusted intermediates.pem -CRLfile crls.pem -crl_check_all "$file" >verdict 2>&1 || verdict=$?
  if [ "$serial" = "$revoked" ]; then
    [ "$verdict" != 0 ] && grep -q revoked verdict || die "openssl accepts the revoked $serial"
  else
    [ "$verdict" = 0 ] || { cat verdict >&2; die "openssl refuses $serial"; }
  fi
  checked=$((checked + 1))
done
[ "$checked" = 18 ] || die "$checked certificates, not 18"
leaf=certs/$(serial_of 930.91.90.H36).pem
cat "$leaf" "$out/ca/government.pem" "$out/ca/root.pem" >chain.pem
certtool --verify --infile chain.pem --load-ca-certificate "$out/ca/root.pem" 2>&1 | grep -q 'Chain verification output: Verified' || die "certtool refuses the chain"

# A CMS of openssl that carries its content: the file that is handed over is what the answer is about.
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout stranger.key -out stranger.pem -subj /CN=Stranger -days 30 2>openssl.err ||
  { cat openssl.err >&2; die "openssl req"; }
echo inner >inner.txt
echo other >other.txt
openssl cms -sign -nodetach -binary -cades -in inner.txt -signer stranger.pem -inkey stranger.key -outform DER -out inner.p7m
expect 3 antin verify inner.p7m --json --detached inner.txt
grep -q '"intact":true' last.out || { cat last.out >&2; die "the content of openssl's CMS is not found intact"; }
expect 3 antin verify inner.p7m --json --detached other.txt
grep -q '"indication":"TOTAL-FAILED","sub_indication":"HASH_FAILURE"' last.out || { cat last.out >&2; die "another file is not HASH_FAILURE"; }
