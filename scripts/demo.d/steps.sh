# Steps: what is shown while the demo runs, and the table at its end.

say() { if [ "$lang" = vi ]; then printf '%s\n' "$1"; else printf '%s\n' "$2"; fi; }
now() { local t=${EPOCHREALTIME/[.,]/}; printf '%s' "${t%???}"; }  # milliseconds
seconds_of() { printf '%d.%01d' $(($1 / 1000)) $(($1 % 1000 / 100)); }

step_names=() step_times=() step_notes=()
note=

# step VIETNAMESE ENGLISH COMMAND…: runs it, remembers its time and what it left in $note. A failure ends the demo.
# The command stands alone, so that errexit holds inside of it; the EXIT trap says which step it was.
step() {
  local began
  if [ "$lang" = vi ]; then current=$1; else current=$2; fi
  shift 2
  note=
  if [ -t 1 ]; then printf '\033[1m▸ %s\033[0m\n' "$current"; else printf '> %s\n' "$current"; fi
  began=$(now)
  "$@"
  step_names+=("$current") step_times+=($(($(now) - began))) step_notes+=("$note")
  current=
}

current=
# The EXIT trap: says where it ended when a step did not.
leave() {
  local status=$?
  stop_daemon
  [ -z "$current" ] || say "Dừng ở bước (mã $status): $current" "stopped at this step (code $status): $current" >&2
}

# What a command must answer: expect CODE COMMAND… fails when the exit code is another one.
expect() {
  local wanted=$1 got=0
  shift
  "$@" || got=$?
  [ "$got" -eq "$wanted" ] || { echo "$*: exit code $got, expected $wanted" >&2; return 1; }
}

# A member of a JSON value on standard input: json indication, json signatures.0.sub_indication
json() {
  python3 -c '
import json, sys
value = json.load(sys.stdin)
for part in sys.argv[1].split("."):
    value = value[int(part)] if isinstance(value, list) else value[part]
print(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))' "$1"
}

antin() { command antin --home "$home" --lang "$lang" "$@"; }
