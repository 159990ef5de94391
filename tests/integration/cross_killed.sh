# `ca cross propose` and `complete`, killed at moments spread over everything that they write, sometimes twice: the next run finishes; one
# proposal, one certificate, published, and nothing is signed and unrecorded.
source "$(dirname "$0")/killed.sh"
rounds=$((${ANTIN_KILL_RUNS:-100} / 5))
[ "$rounds" -gt 0 ] || rounds=1
# What waits for officers ends with 4, and that is success here.
printf '#!/bin/sh\n"%s" "$@"\ncode=$?\n[ $code != 4 ] || exit 0\nexit $code\n' "$program" >waits
chmod +x waits
program=$work/waits
openssl req -new -x509 -newkey rsa:3072 -nodes -keyout neighbour.key -subj '/C=VN/O=NEIGHBOUR/CN=NEIGHBOUR ROOT' -days 3000 \
  -addext keyUsage=critical,keyCertSign,cRLSign -out neighbour.pem 2>/dev/null
digest=$(openssl x509 -in neighbour.pem -outform DER | sha256sum | cut -d' ' -f1)
until=$(date -u -d '+2 years' +%Y-%m-%dT%H:%M:%SZ)
propose="ca cross propose cross-neighbour --certificate neighbour.pem --sha256 $digest --until $until --path-length 0 --policy 2.5.29.32.0 --permit dns:neighbour.test"
complete="ca cross complete cross-neighbour"
expect 0 antin init
cp -r "$ANTIN_HOME" fresh
changes_of propose.log $propose
for officer in officer-1 officer-2; do expect 0 antin proposal approve 2 --officer $officer; done
cp -r "$ANTIN_HOME" decided
changes_of complete.log $complete
for log in propose complete; do
  points $log.log "$rounds" >$log.points
  echo "$log: $(wc -l <$log.points) of $(wc -l <$log.log) changes"
done
finished() {
  expect 0 antin $complete
  [ "$(antin cert list --kind cross --json | grep -o '"id"' | wc -l)" = 1 ] || { antin cert list >&2; die "$moment: not one cross certificate"; }
  expect 0 antin log verify
  openssl verify -CAfile "$ANTIN_HOME/out/ca/root.pem" "$ANTIN_HOME/out/ca/cross-neighbour.pem" >/dev/null || die "$moment: not published, or not under the root"
}
round=0
for at in $(cat propose.points); do
  round=$((round + 1))
  rm -rf "$ANTIN_HOME"
  cp -r fresh "$ANTIN_HOME"
  killed_at "$at" $propose
  [ $((round % 3)) -gt 0 ] || killed_at $((1 + RANDOM % $(wc -l <propose.log))) $propose
  expect 0 antin $propose
  [ "$(antin proposal list --json | grep -o '"kind":"cross"' | wc -l)" = 1 ] || die "$moment: not one proposal"
  for officer in officer-1 officer-2; do expect 0 antin proposal approve 2 --officer $officer; done
  finished
done
for at in $(cat complete.points); do
  round=$((round + 1))
  rm -rf "$ANTIN_HOME"
  cp -r decided "$ANTIN_HOME"
  killed_at "$at" $complete
  [ $((round % 3)) -gt 0 ] || killed_at $((1 + RANDOM % $(wc -l <complete.log))) $complete
  finished
done
enough_landed "$(cat propose.points complete.points | wc -l)"
