# antind and its tokens: one that goes away and comes back is used again without a restart, /readyz says so, and a wrong PIN is tried once.
source "$(dirname "$0")/home.sh"
antind=$2
expect 0 antin init
expect 0 antin roster sample --rows 12 -o roster.jsonl
expect 0 antin roster submit roster.jsonl
for officer in officer-1 officer-2; do expect 0 antin roster approve roster.jsonl --officer $officer; done
expect 0 antin roster issue roster.jsonl
signer=$(antin cert list --kind organisation --json | python3 -c 'import json, sys; print(next(row["id"] for row in json.load(sys.stdin) if row["key"] == "token"))')
token=$(antin system add tester --signer '*')
echo thử >file.txt
start() {
  rm -f port
  "$antind" --home "$ANTIN_HOME" --listen 127.0.0.1:0 --port-file port 2>antind.err &
  daemon=$!
  for _ in $(seq 400); do [ -s port ] && break; sleep 0.05; done
  [ -s port ] || { cat antind.err >&2; die "antind does not listen"; }
}
stop() { kill "$daemon"; wait "$daemon" || true; }
status_of() { curl -s -o answer -w '%{http_code}' "$@"; }
sign() { status_of -H "Authorization: Bearer $token" -F signer="$signer" -F file=@file.txt "http://127.0.0.1:$(cat port)/v1/sign"; }
readyz() { status_of "http://127.0.0.1:$(cat port)/readyz"; }
# is WANTED GOT WHAT
is() { [ "$1" = "$2" ] || { cat answer >&2; die "$3: $2, not $1"; }; }

start
is 200 "$(readyz)" "ready at first"
is 200 "$(sign)" "signing at first"
mv "$ANTIN_HOME/service/tokens" away
is 503 "$(sign)" "signing without tokens"
is 503 "$(readyz)" "ready without tokens"
mv away "$ANTIN_HOME/service/tokens"
is 200 "$(sign)" "signing after the tokens came back"
is 200 "$(readyz)" "ready after the tokens came back"
# While others sign, one failure closes nothing under them.
for _ in 1 2 3 4; do (for _ in $(seq 10); do sign >/dev/null; done) & signers="${signers:-} $!"; done
mv "$ANTIN_HOME/service/tokens" away
sleep 0.3
mv away "$ANTIN_HOME/service/tokens"
wait $signers
is 200 "$(sign)" "signing after tokens were pulled from under four callers"
stop

# A wrong PIN: tried once by this process, whatever asks for it; the right one is taken without a restart.
cp "$ANTIN_HOME/service/pins/seals.pin" right.pin
chmod 600 "$ANTIN_HOME/service/pins/seals.pin"
echo 0000000000000000 >"$ANTIN_HOME/service/pins/seals.pin"
start
is 503 "$(readyz)" "ready with a wrong PIN"
grep -q CKR_PIN_INCORRECT answer || { cat answer >&2; die "a wrong PIN is not named"; }
for _ in 1 2 3; do
  is 503 "$(sign)" "signing with a wrong PIN"
  grep -qE 'CKR_PIN_INCORRECT' answer && die "a wrong PIN was tried again"
  is 503 "$(readyz)" "ready with a wrong PIN"
  grep -qE 'CKR_PIN_INCORRECT' answer && die "a wrong PIN was tried again"
done
grep -q 0000000000000000 answer antind.err && die "the PIN is in an answer or in the journal"
cp right.pin "$ANTIN_HOME/service/pins/seals.pin"
is 200 "$(sign)" "signing after the right PIN was put there"
is 200 "$(readyz)" "ready after the right PIN was put there"
stop
