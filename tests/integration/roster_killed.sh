# `roster submit`, `roster issue` and `crl build` with keys in SoftHSM2, killed at moments spread over everything that they write, sometimes
# twice: the next run finishes; no key is left over, nothing is issued twice, and nothing is signed and unrecorded.
source "$(dirname "$0")/killed.sh"
rounds=$((${ANTIN_KILL_RUNS:-100} * 2 / 5))
[ "$rounds" -gt 0 ] || rounds=1
expect 0 antin init
cp -r "$ANTIN_HOME" fresh
expect 0 antin roster sample --rows 30 -o roster.jsonl
wanted_keys=$(($(grep -c '"key":"token"' roster.jsonl) + 1))  # and the document service's
approve() { for officer in officer-1 officer-2; do expect 0 antin roster approve roster.jsonl --officer $officer; done; }
# A run that nobody stops says what there is to be interrupted.
changes_of submit.log roster submit roster.jsonl
approve
changes_of issue.log roster issue roster.jsonl
changes_of build.log crl build
for log in submit issue build; do
  points $log.log "$rounds" >$log.points
  echo "$log: $(wc -l <$log.points) of $(wc -l <$log.log) changes"
done
# killed_in_round STEP ROUND COMMAND…: at the moment that the round has; in every third round once more on the way back.
killed_in_round() {
  local step=$1 round=$2
  shift 2
  killed_at "$(sed -n "$(((round - 1) % $(wc -l <"$step.points") + 1))p" "$step.points")" "$@"
  [ $((round % 3)) -gt 0 ] || killed_at $((1 + RANDOM % $(wc -l <"$step.log"))) "$@"
}
rounds=$(for step in submit issue build; do wc -l <$step.points; done | sort -n | tail -1)
for round in $(seq "$rounds"); do
  rm -rf "$ANTIN_HOME"
  cp -r fresh "$ANTIN_HOME"
  killed_in_round submit "$round" roster submit roster.jsonl
  expect 0 antin roster submit roster.jsonl
  antin token doctor --json >doctor.json || { antin token doctor >&2 || true; die "$moment: a token is not well"; }
  keys=$(grep -o '"label":"seals"[^}]*"keys":[0-9]*\|"keys":[0-9]*[^}]*"label":"seals"' doctor.json | grep -o '"keys":[0-9]*' | tr -dc 0-9)
  [ "$keys" = "$wanted_keys" ] || { antin token doctor >&2; die "$moment: $keys keys on seals, not $wanted_keys"; }
  approve
  killed_in_round issue "$round" roster issue roster.jsonl
  expect 0 antin roster issue roster.jsonl
  [ "$(antin cert list --json | grep -oE '"kind":"(personal|organisation)"' | wc -l)" = 30 ] || die "$moment: not 30 certificates"
  [ "$(antin cert list --json | grep -o '"serial":"[0-9A-F]*"' | sort | uniq -d | wc -l)" = 0 ] || die "$moment: a serial stands twice"
  killed_in_round build "$round" crl build
  lists_are_recorded
  expect 0 antin crl build
  lists_are_recorded
  for name in root party government; do expect 0 antin crl verify "$name"; done
  expect 0 antin log verify
  # Every intent of the log has its certificate.
  intents=$(grep -o 'certificate\.intent' log.json | wc -l) issued=$(grep -o 'certificate\.issue' log.json | wc -l)
  [ "$intents" = "$issued" ] || die "$moment: $intents intents and $issued certificates in the log"
done
enough_landed $((rounds * 3))

# A log that was cut short is noticed, and so is a certificate that is not the one that was logged.
cp -r "$ANTIN_HOME" cut
sqlite3 cut/store/antin.sqlite "DELETE FROM log WHERE idx > (SELECT max(idx) / 2 FROM log)" 2>/dev/null || die "the store's table is not called so"
ANTIN_HOME=$work/cut expect 1 antin log verify
grep -q 'is not in it' last.err || { cat last.err >&2; die "a log cut short was not noticed"; }
