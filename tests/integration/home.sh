# Sourced by the tests of this folder: `antin` is the program given, in an empty home that goes away at the end.
set -euo pipefail
program=$(realpath "$1")
work=$(mktemp -d)
export ANTIN_HOME=$work/home LC_ALL=C.UTF-8
trap 'status=$?; kill $(jobs -p) 2>/dev/null || true; rm -rf "$work"; exit $status' EXIT
cd "$work"

antin() { "$program" "$@"; }
die() { echo "FAILED: $*" >&2; exit 1; }
# expect CODE COMMAND…: the command must end with that exit code.
expect() {
  local wanted=$1 got=0
  shift
  "$@" >"$work/last.out" 2>"$work/last.err" || got=$?
  [ "$got" = "$wanted" ] || { cat "$work/last.out" "$work/last.err" >&2; die "exit code $got, not $wanted: $*"; }
}
# The home may suspend certificates, which no policy has.
allow_suspension() { sed -i 's/^suspension = false/suspension = true/' "$ANTIN_HOME/antin.toml"; }
# A home with an approved roster of $1 rows, not yet issued.
approved_roster() {
  expect 0 antin init
  expect 0 antin roster sample --rows "$1" -o roster.jsonl
  expect 0 antin roster submit roster.jsonl
  expect 0 antin roster approve roster.jsonl --officer officer-1
  expect 0 antin roster approve roster.jsonl --officer officer-2
}
