# `roster submit` and `roster issue` with keys in SoftHSM2, killed at random moments: the next run finishes; no key is left over, nothing is
# issued twice, and nothing is signed and unrecorded. ANTIN_KILL_RUNS / 10 rounds.
source "$(dirname "$0")/home.sh"
rounds=$((${ANTIN_KILL_RUNS:-100} / 10))
[ "$rounds" -gt 0 ] || rounds=1
RANDOM=${ANTIN_SEED:-$$}
echo "seed ${ANTIN_SEED:-$$}"
expect 0 antin init
cp -r "$ANTIN_HOME" fresh
# killed COMMAND…: stopped after some milliseconds, or done before.
killed() {
  "$program" "$@" >/dev/null 2>&1 &
  local victim=$!
  sleep "0.$(printf %03d $((RANDOM % 250)))"
  kill -KILL "$victim" 2>/dev/null || true
  wait "$victim" 2>/dev/null || true
}
expect 0 antin roster sample --rows 30 -o roster.jsonl
wanted_keys=$(($(grep -c '"key":"token"' roster.jsonl) + 1))  # and the document service's
for _ in $(seq "$rounds"); do
  rm -rf "$ANTIN_HOME"
  cp -r fresh "$ANTIN_HOME"
  killed roster submit roster.jsonl
  killed roster submit roster.jsonl
  expect 0 antin roster submit roster.jsonl
  antin token doctor --json >doctor.json || { antin token doctor >&2 || true; die "a token is not well"; }
  keys=$(grep -o '"label":"seals"[^}]*"keys":[0-9]*\|"keys":[0-9]*[^}]*"label":"seals"' doctor.json | grep -o '"keys":[0-9]*' | tr -dc 0-9)
  [ "$keys" = "$wanted_keys" ] || { antin token doctor >&2; die "$keys keys on seals, not $wanted_keys"; }
  for officer in officer-1 officer-2; do expect 0 antin roster approve roster.jsonl --officer $officer; done
  killed roster issue roster.jsonl
  killed roster issue roster.jsonl
  expect 0 antin roster issue roster.jsonl
  [ "$(antin cert list --json | grep -oE '"kind":"(personal|organisation)"' | wc -l)" = 30 ] || die "not 30 certificates"
  [ "$(antin cert list --json | grep -o '"serial":"[0-9A-F]*"' | sort | uniq -d | wc -l)" = 0 ] || die "a serial stands twice"
  expect 0 antin log verify
  # Every intent of the log has its certificate.
  intents=$(antin log show --json | grep -o 'certificate\.intent' | wc -l) issued=$(antin log show --json | grep -o 'certificate\.issue' | wc -l)
  [ "$intents" = "$issued" ] || die "$intents intents and $issued certificates in the log"
  killed crl build
  expect 0 antin crl build
  for name in root party government; do expect 0 antin crl verify "$name"; done
done

# A log that was cut short is noticed, and so is a certificate that is not the one that was logged.
cp -r "$ANTIN_HOME" cut
sqlite3 cut/store/antin.sqlite "DELETE FROM log WHERE idx > (SELECT max(idx) / 2 FROM log)" 2>/dev/null || die "the store's table is not called so"
ANTIN_HOME=$work/cut expect 1 antin log verify
grep -q 'is not in it' last.err || { cat last.err >&2; die "a log cut short was not noticed"; }
