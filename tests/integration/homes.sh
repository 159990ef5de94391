# Every home of an earlier version opens, is migrated and verifies: its log, its lists, its certificates and what it signed.
source "$(dirname "$0")/home.sh"
homes=$(realpath "$2")
found=0
for kept in "$homes"/*/; do
  rm -rf home
  cp -r "$kept/home" home
  at=$(cat "$kept/at")
  expect 0 antin log verify
  [ "$(antin cert list --json | grep -o '"id"' | wc -l)" -ge 18 ] || die "$kept: certificates are missing"
  antin cert list --json | grep -q '"status":"revoked"' || die "$kept: the revocation is gone"
  for name in root party government; do expect 0 antin --at "$at" crl verify "$name"; done
  expect 0 antin --at "$at" verify "$kept/signed/letter-signed.pdf"
  expect 0 antin --at "$at" verify "$kept/signed/notes.txt.p7s" --detached "$kept/signed/notes.txt"
  expect 3 antin --at "$at" verify "$kept/signed/notes.txt.p7s" --detached "$kept/at"
  found=$((found + 1))
done
[ "$found" -gt 0 ] || die "no home was found"
