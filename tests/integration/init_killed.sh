# `antin init`, killed at many moments, is finished by the next one: one root, two issuing CAs, nothing twice.
source "$(dirname "$0")/home.sh"
for delay in 0.01 0.02 0.03 0.05 0.07 0.09 0.11 0.13 0.15 0.18 0.21 0.25; do
  rm -rf "$ANTIN_HOME"
  "$program" init >/dev/null 2>&1 &
  victim=$!
  sleep "$delay"
  kill -KILL "$victim" 2>/dev/null || true
  wait "$victim" 2>/dev/null || true
  expect 0 antin init
  [ "$(antin cert list --json | grep -o '"kind":"[a-z]*"' | sort | uniq -c | tr -s ' ' | tr '\n' ';')" = ' 2 "kind":"issuing"; 2 "kind":"officer"; 1 "kind":"root"; 1 "kind":"service";' ] \
    || { antin cert list >&2; die "killed after $delay s: certificates do not count up"; }
  expect 0 antin log verify
  for name in root party government; do expect 0 antin crl verify "$name"; done
done
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
