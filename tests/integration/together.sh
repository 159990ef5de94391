# Many programs at once on one home and its tokens: every one ends well and nothing is issued twice.
source "$(dirname "$0")/home.sh"
approved_roster 40
pids=()
for i in 1 2 3; do antin roster issue roster.jsonl >"issue.$i" 2>&1 & pids+=($!); done
for i in 1 2 3 4 5 6 7 8; do antin cert list --json >"list.$i" 2>&1 & pids+=($!); done
for i in 1 2 3; do antin crl build >"crl.$i" 2>&1 & pids+=($!); done
for i in 1 2; do antin token doctor >"doctor.$i" 2>&1 & pids+=($!); done
for pid in "${pids[@]}"; do wait "$pid" || { cat issue.* crl.* doctor.* >&2; die "one of them failed"; }; done
[ "$(antin cert list --kind personal --json | grep -o '"id"' | wc -l)" = "$(grep -c '"kind":"personal"' roster.jsonl)" ] || die "personal certificates do not count up"
[ "$(antin cert list --kind organisation --json | grep -o '"id"' | wc -l)" = "$(grep -c '"kind":"organisation"' roster.jsonl)" ] || die "organisational certificates do not count up"
[ "$(antin cert list --json | grep -o '"serial":"[0-9A-F]*"' | sort | uniq -d | wc -l)" = 0 ] || die "a serial stands twice"
expect 0 antin log verify
for name in root party government; do expect 0 antin crl verify "$name"; done
