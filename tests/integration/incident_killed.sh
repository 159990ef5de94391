# An incident killed at moments spread over everything that creating, approving, running and publishing write: nobody is revoked without
# officers, nothing is revoked twice, what is left is done by the next run, and the log is that of the store.
source "$(dirname "$0")/killed.sh"
rounds=$((${ANTIN_KILL_RUNS:-100} / 5))
[ "$rounds" -gt 0 ] || rounds=1
approved_roster 24
expect 0 antin roster issue roster.jsonl
expect 0 antin crl build
cp -r "$ANTIN_HOME" fresh
create=(incident create 'thử' --select kind=personal kind=organisation --reason superseded --deadline 5d)
approve() { for officer in officer-1 officer-2; do expect 0 antin incident approve 'thử' --officer $officer; done; }
run=(incident run 'thử')
counted() { antin cert list --status revoked --json | { grep -o '"id"' || true; } | wc -l; }
events() { sqlite3 "$ANTIN_HOME/store/antin.sqlite" 'SELECT count(*) FROM revocation'; }

# `create` waits for officers: exit code 4 is its end.
killed_create() {
  local code=0
  ANTIN_KILL_AT=$1 ANTIN_KILL_IN=$ANTIN_HOME ANTIN_KILL_LOG=$work/landed.log LD_PRELOAD=$killer "$program" "${create[@]}" >last.out 2>last.err &
  wait $! 2>/dev/null || code=$?
  moment="create killed at change $1"
  case $code in
    137) landed=$((landed + 1)) ;;
    4) moment="create ended before change $1" ;;
    *) cat last.err >&2; die "$moment: ended with $code" ;;
  esac
}
expect 4 antin "${create[@]}"
approve
changes_of run.log "${run[@]}"
all=$(counted)
[ "$all" = 24 ] || die "$all of 24 revoked"
points run.log "$rounds" >run.points
echo "run: $(wc -l <run.points) of $(wc -l <run.log) changes"
rounds=$(wc -l <run.points)
for round in $(seq "$rounds"); do
  rm -rf "$ANTIN_HOME"
  cp -r fresh "$ANTIN_HOME"
  killed_create "$round"
  got=$(antin incident list --json | { grep -o '"number"' || true; } | wc -l)
  [ "$got" -le 1 ] || die "$moment: $got incidents"
  expect 4 antin "${create[@]}"
  [ "$(antin incident list --json | grep -o '"number"' | wc -l)" = 1 ] || die "$moment: created twice"
  [ "$(counted)" = 0 ] || die "$moment: revoked without officers"
  approve
  killed_at "$(sed -n "${round}p" run.points)" "${run[@]}"
  done_before=$(counted)
  [ "$(events)" = "$done_before" ] || die "$moment: revoked twice"
  expect 0 antin log verify
  expect 0 antin "${run[@]}"
  [ "$(counted)" = 24 ] && [ "$(events)" = 24 ] || die "$moment: $(counted) revoked by $(events) events"
  [ "$(antin incident status 'thử' --json | grep -o '"stage":"[a-z]*"')" = '"stage":"done"' ] || die "$moment: not done: $(antin incident status 'thử')"
  for name in party government; do expect 0 antin crl verify "$name"; done
  lists_are_recorded
  expect 0 antin log verify
done
enough_landed "$rounds"
