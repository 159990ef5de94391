# Sourced by the tests that kill: `antin` in a home of its own, and tests/faults/killer to stop it at a chosen change to the home's
# files, so that a run visits every kind of moment and says which. In memory where that is possible: a process that dies needs no disk.
[ ! -w /dev/shm ] || export TMPDIR=/dev/shm
killer=$(realpath "$2") scripts=$(realpath "$(dirname "${BASH_SOURCE[0]}")")
source "$scripts/home.sh"
seed=${ANTIN_SEED:-$$}
RANDOM=$seed
echo "seed $seed"
landed=0

# changes_of LOG COMMAND…: runs it to its end; LOG says what it changed, a line each.
changes_of() {
  local log=$1
  shift
  rm -f "$log"
  ANTIN_KILL_IN=$ANTIN_HOME ANTIN_KILL_LOG=$log LD_PRELOAD=$killer "$program" "$@" >last.out 2>last.err || { cat last.err >&2; die "$*"; }
}
# killed_at N COMMAND…: killed before its N-th change. Where it was goes into landed.log; a command that ends before is not counted.
killed_at() {
  local at=$1 code=0
  shift
  ANTIN_KILL_AT=$at ANTIN_KILL_IN=$ANTIN_HOME ANTIN_KILL_LOG=$work/landed.log LD_PRELOAD=$killer "$program" "$@" >last.out 2>last.err &
  wait $! 2>/dev/null || code=$?
  moment="$* killed at change $at"
  case $code in
    137) landed=$((landed + 1)) ;;
    0) moment="$* ended before change $at" ;;
    *) cat last.err >&2; die "$*, to be killed at change $at, ended with $code" ;;
  esac
}
# enough_landed WANTED: that many kills hit, and where.
enough_landed() {
  cut -d' ' -f3 landed.log | sed -E 's|/[0-9a-f]{8}-[0-9a-f-]{27}||; s|/[^/]*$||' | sort | uniq -c | sort -rn | sed 's/^/  killed in/'
  echo "$landed kills landed"
  [ "$landed" -ge "$1" ] || die "only $landed of $1 kills landed"
}
# points LOG COUNT: numbers of changes to be killed at.
points() { /usr/bin/python3 "$scripts/kill_points.py" "$1" "$2" "$seed"; }
# Every published list is the one that the log names.
lists_are_recorded() {
  antin log show --json >log.json
  for list in "$ANTIN_HOME"/out/crl/*.crl; do
    grep -q "$(sha256sum "$list" | cut -d' ' -f1)" log.json || die "$moment: $list is published and not in the log"
  done
}
