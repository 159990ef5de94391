# What other people's programs say of the demo's own output.

chain() { cat "$home/out/ca/government.pem" "$home/out/ca/party.pem" "$home/out/ca/root.pem"; }

openssl_chains() {
  chain >"$work/chain.pem"
  find "$home/out/certs" -name '*.pem' -print0 |
    xargs -0 openssl verify -CAfile "$home/out/ca/root.pem" -untrusted "$work/chain.pem" >"$work/openssl-verify.txt" 2>&1
  note="$(grep -c ': OK$' "$work/openssl-verify.txt") OK"
}

openssl_revoked() {
  local name
  : >"$work/crls.pem"
  for name in root party government; do
    openssl crl -inform DER -in "$home/out/crl/$name.crl" -CAfile "$work/chain.pem" -noout 2>>"$work/openssl-crl.txt"
    openssl crl -inform DER -in "$home/out/crl/$name.crl" -outform PEM >>"$work/crls.pem"
  done
  [ "$(grep -c 'verify OK' "$work/openssl-crl.txt")" = 3 ]
  find "$home/out/certs" -name '*.pem' -print0 |
    xargs -0 openssl verify -crl_check_all -CRLfile "$work/crls.pem" -CAfile "$home/out/ca/root.pem" -untrusted "$work/chain.pem" \
      >"$work/openssl-revoked.txt" 2>&1 || true
  local revoked
  revoked=$(grep -c 'certificate revoked' "$work/openssl-revoked.txt")
  note="$(grep -c ': OK$' "$work/openssl-revoked.txt") OK, $revoked revoked"
  [ "$revoked" = 6 ]
}

openssl_cms() {
  openssl cms -verify -inform DER -binary -purpose any -in "$home/out/signed/notes.txt.p7s" -content "$home/out/signed/notes.txt" \
    -CAfile "$home/out/ca/root.pem" -out /dev/null 2>"$work/openssl-cms.txt"
  note=$(tail -1 "$work/openssl-cms.txt")
}

gnutls_certtool() {
  local name
  for name in root party government; do
    # certtool reads both files in one encoding.
    openssl crl -inform DER -in "$home/out/crl/$name.crl" -out "$work/$name.crl.pem"
    certtool --verify-crl --load-ca-certificate "$home/out/ca/$name.pem" --infile "$work/$name.crl.pem" >"$work/certtool-$name.txt" 2>&1
  done
  cat "$work/signer.pem" "$home/out/ca/government.pem" >"$work/signer-chain.pem"
  certtool --verify --load-ca-certificate "$home/out/ca/root.pem" --infile "$work/signer-chain.pem" >"$work/certtool-chain.txt" 2>&1
  note=$(grep -hom1 'Verified\. .*' "$work/certtool-chain.txt")
}

pdfsig_letter() {
  pdfsig "$home/out/signed/letter.pdf" >"$work/pdfsig.txt" 2>&1 || true
  [ "$(grep -c 'Signature is Valid' "$work/pdfsig.txt")" = 2 ]
  grep -q 'Total document signed' "$work/pdfsig.txt"
  note="2 × Signature is Valid"
}

ask_others() {
  step "openssl verify: mọi chứng thư" "openssl verify: every certificate" openssl_chains
  step "openssl crl, verify -crl_check_all" "openssl crl, verify -crl_check_all" openssl_revoked
  step "openssl cms: chữ ký rời" "openssl cms: the detached signature" openssl_cms
  step "gnutls certtool: CRL và chuỗi" "gnutls certtool: CRLs and the chain" gnutls_certtool
  step "pdfsig: công văn có hai chữ ký" "pdfsig: the letter with two signatures" pdfsig_letter
}
