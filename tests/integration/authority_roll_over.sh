# A generation that is put in service while `antin authority run` runs is opened by it, where every PIN can be read again; where one cannot, the
# process goes on as it is and says what to do when it is asked to issue.
source "$(dirname "$0")/home.sh"
decide() { for officer in officer-1 officer-2; do expect 0 antin proposal approve "$1" --officer $officer; done; }
now() { date -u +%Y-%m-%dT%H:%M:%SZ; }
# roll_over FOLLOWED NEW PROPOSAL
roll_over() {
  expect 4 antin ca roll-over propose "$1" --from "$(now)"
  decide "$3"
  expect 0 antin ca roll-over complete "$2"
}
# waiting N: an approved roster of new subscribers, N.jsonl.
waiting() {
  expect 0 antin roster sample --rows 12 --seed "$1" -o "$1.jsonl"
  sed -i "s/\"code\":\"/\"code\":\"R$1-/; s/\"name\":\"[^\"]*\"/\"name\":\"đợt $1\"/" "$1.jsonl"
  expect 0 antin roster submit "$1.jsonl"
  for officer in officer-1 officer-2; do expect 0 antin roster approve "$1.jsonl" --officer $officer; done
}
count() { antin cert list --json | tr '{' '\n' | grep -c "\"id\":\"$1-[0-9A-F]*\".*\"kind\":\"\(personal\|organisation\)\"" || true; }
run() {
  "$program" authority run 2>authority.log 7<"$ANTIN_HOME/ca/pins/root.pin" &
  authority=$!
  for _ in $(seq 200); do [ -S "$ANTIN_HOME/ca/authority.sock" ] && return; sleep 0.05; done
  cat authority.log >&2
  die "the authority does not listen"
}
stop() { kill -TERM "$authority"; wait "$authority" || die "the authority did not end cleanly"; }

expect 0 antin init
first=$(grep -c . <(antin proposal list --json | grep -o '"number"')) || true
waiting 1
run
expect 0 antin roster issue 1.jsonl --via-authority
party=$(count party)
[ "$party" -gt 0 ] || die "the first generation issued nothing"
roll_over party party-2 $((first + 1))
waiting 2
expect 0 antin roster issue 2.jsonl --via-authority
grep -q 'party-2 was put in service and is open' authority.log || { cat authority.log >&2; die "nobody opened the new generation"; }
[ "$(count party)" = "$party" ] || die "the old generation went on"
[ "$(count party-2)" -gt 0 ] || die "the new generation issued nothing"
expect 0 antin crl build --issuer party-2 --via-authority
stop

# A PIN that came through a descriptor is there once.
cp "$ANTIN_HOME/antin.toml" with-files.toml
sed '/^\[tokens.ca.pins\]/,/^\[/ s|^"\?root"\? = .*|root = "fd:7"|' with-files.toml >with-descriptor.toml
cmp -s with-files.toml with-descriptor.toml && die "the source of the root's PIN was not changed"
cp with-descriptor.toml "$ANTIN_HOME/antin.toml"
run
cp with-files.toml "$ANTIN_HOME/antin.toml"
cp with-descriptor.toml kept.toml
roll_over_quietly() { cp with-files.toml "$ANTIN_HOME/antin.toml"; roll_over "$@"; }
kill -STOP "$authority"
roll_over_quietly government government-2 $((first + 2))
waiting 3
cp kept.toml "$ANTIN_HOME/antin.toml"
kill -CONT "$authority"
expect 5 antin roster issue 3.jsonl --via-authority
grep -q 'government-2 is not open: start' last.err || { cat last.err >&2; die "it is not said what to do"; }
grep -q 'government-2 was put in service after this program began' authority.log || { cat authority.log >&2; die "the process did not say so"; }
expect 0 antin crl build --issuer party --via-authority
stop
cp with-files.toml "$ANTIN_HOME/antin.toml"
run
expect 0 antin roster issue 3.jsonl --via-authority
[ "$(count government-2)" -gt 0 ] || die "the new generation issued nothing after the restart"
expect 0 antin log verify
stop
