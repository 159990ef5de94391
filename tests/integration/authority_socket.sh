# `antin authority run` issues, revokes and builds lists for others; a second one is refused with the pid of the first.
source "$(dirname "$0")/home.sh"
approved_roster 6
expect 5 antin roster issue roster.jsonl --via-authority
"$program" authority run 2>authority.log &
authority=$!
for _ in $(seq 100); do [ -S "$ANTIN_HOME/ca/authority.sock" ] && break; sleep 0.05; done
[ "$(stat -c %a "$ANTIN_HOME/ca/authority.sock")" = 600 ] || die "the socket is not mode 0600"
expect 5 antin authority run
grep -q "process $authority" "$work/last.err" || die "the second authority does not name the pid of the first"
expect 0 antin roster issue roster.jsonl --via-authority
[ "$(antin cert list --kind personal --json | grep -o '"id"' | wc -l)" = 4 ] || die "the authority did not issue"
expect 0 antin cert revoke 930.91.90.H36-01 --requested-by 000.00.90.H36 --reason superseded --via-authority
expect 3 antin cert revoke 930.91.90.H36-01 --requested-by 000.00.90.H36 --via-authority
expect 1 antin cert revoke nobody --via-authority
expect 0 antin crl build --issuer government --via-authority --json
grep -q '"entries":1' "$work/last.out" || die "the list does not carry the revocation"
expect 4 antin incident create 'thử' --select kind=personal --reason superseded --deadline 24h
expect 4 antin incident run 'thử' --via-authority
for officer in officer-1 officer-2; do expect 0 antin incident approve 'thử' --officer $officer; done
expect 0 antin incident run 'thử' --via-authority --json
grep -q '"done":3.*"issuer":"government"' "$work/last.out" || { cat "$work/last.out" >&2; die "the authority did not run the incident to its lists"; }
expect 3 antin cert suspend $(seq 101) --via-authority
expect 3 antin cert revoke $(seq 101)
kill -TERM "$authority"
wait "$authority" || die "the authority did not end cleanly"
[ ! -e "$ANTIN_HOME/ca/authority.sock" ] || die "the socket is left behind"
# Half of the validity later, the list is renewed without being asked for.
later=$(date -u -d '+4 days' +%Y-%m-%dT%H:%M:%SZ)
"$program" --at "$later" authority run 2>authority.log &
authority=$!
for _ in $(seq 200); do [ "$(grep -c 'is published' authority.log)" = 3 ] && break; sleep 0.05; done
[ "$(grep -c 'is published' authority.log)" = 3 ] || { cat authority.log >&2; die "the lists were not renewed at half of their validity"; }
kill -TERM "$authority"
wait "$authority"
