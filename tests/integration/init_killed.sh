# `antin init`, killed at moments spread over everything that it writes (half of them: killed again on the way back), is finished by the
# next one: one root, two issuing CAs, nothing twice. ANTIN_KILL_RUNS * 3 / 5 moments, and the ends of each folder's part.
source "$(dirname "$0")/killed.sh"
changes_of all.log init
points all.log $((${ANTIN_KILL_RUNS:-100} * 3 / 5 + 1)) >points
total=$(wc -l <all.log)
echo "$(wc -l <points) of $total changes"
finished() {
  expect 0 antin init
  [ "$(antin cert list --json | grep -o '"kind":"[a-z]*"' | sort | uniq -c | tr -s ' ' | tr '\n' ';')" = ' 2 "kind":"issuing"; 2 "kind":"officer"; 1 "kind":"root"; 1 "kind":"service";' ] \
    || { antin cert list >&2; die "$moment: certificates do not count up"; }
  expect 0 antin log verify
  lists_are_recorded
  for name in root party government; do expect 0 antin crl verify "$name"; done
  antin token doctor --json >doctor.json || { antin token doctor >&2; die "$moment: a token is not well"; }
  [ "$(grep -o '"keys":1[,}]' doctor.json | wc -l)" = 6 ] || { antin token doctor >&2; die "$moment: keys do not count up"; }
}
for at in $(cat points); do
  rm -rf "$ANTIN_HOME"
  killed_at "$at" init
  [ $((at % 2)) = 0 ] || killed_at $((1 + RANDOM % total)) init
  finished
done
enough_landed "$(wc -l <points)"

# Two at once: one does it, the other is refused with the pid of the first, or comes after it.
rm -rf "$ANTIN_HOME"
mkdir "$ANTIN_HOME"
"$program" init >/dev/null 2>&1 &
first=$!
second=0
antin init >second.out 2>second.err || second=$?
wait "$first" || [ "$second" = 0 ] || die "neither finished"
[ "$second" = 0 ] || [ "$second" = 5 ] || die "the second init ended with $second"
expect 0 antin init
