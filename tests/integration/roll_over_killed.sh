# `ca roll-over propose` and `complete`, killed at moments spread over everything that they write, sometimes twice: the next run finishes; one
# key, one proposal, one certificate of each kind, and nothing is signed and unrecorded.
source "$(dirname "$0")/killed.sh"
rounds=$((${ANTIN_KILL_RUNS:-100} / 5))
[ "$rounds" -gt 0 ] || rounds=1
# What waits for officers ends with 4, and that is success here.
printf '#!/bin/sh\n"%s" "$@"\ncode=$?\n[ $code != 4 ] || exit 0\nexit $code\n' "$program" >waits
chmod +x waits
program=$work/waits
from=$(date -u +%Y-%m-%dT%H:%M:%SZ)
propose="ca roll-over propose root --key p384 --from $from" complete="ca roll-over complete root-2"
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
kinds() { antin cert list --json | grep -o '"kind":"[a-z]*"' | sort | uniq -c | tr -s ' ' | tr '\n' ';'; }
finished() {
  expect 0 antin $complete
  [ "$(kinds)" = ' 2 "kind":"issuing"; 2 "kind":"link"; 2 "kind":"officer"; 2 "kind":"root"; 1 "kind":"service";' ] \
    || { antin cert list >&2; die "$moment: certificates do not count up"; }
  expect 0 antin log verify
  lists_are_recorded
  for name in root root-2 party government; do expect 0 antin crl verify "$name"; done
  antin ca list --json | grep -F '"name":"root-2"' >/dev/null || die "$moment: no root-2"
  openssl verify -CAfile "$ANTIN_HOME/out/ca/root.pem" "$ANTIN_HOME/out/ca/root-2-by-root.pem" >/dev/null || die "$moment: no link to the old anchor"
  openssl verify -partial_chain -CAfile "$ANTIN_HOME/out/ca/root-2.pem" "$ANTIN_HOME/out/ca/root-by-root-2.pem" >/dev/null || die "$moment: no link to the new anchor"
  antin token doctor --json >doctor.json || { antin token doctor >&2; die "$moment: a token is not well"; }
  [ "$(grep -o '"keys":1[,}]' doctor.json | wc -l)" = 7 ] || { antin token doctor >&2; die "$moment: keys do not count up"; }
}
round=0
for at in $(cat propose.points); do
  round=$((round + 1))
  rm -rf "$ANTIN_HOME"
  cp -r fresh "$ANTIN_HOME"
  killed_at "$at" $propose
  [ $((round % 3)) -gt 0 ] || killed_at $((1 + RANDOM % $(wc -l <propose.log))) $propose
  expect 0 antin $propose
  [ "$(antin proposal list --json | grep -o '"kind":"issuer"' | wc -l)" = 1 ] || die "$moment: not one proposal"
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
