# `antin status` says what needs hands, now or soon, and its exit code says whether something does: without a token, without the daemon, at any
# time. Below the configured disk space nothing new is issued, and everything else goes on.
source "$(dirname "$0")/home.sh"
at=2026-03-02T01:00:00Z
later() { expect "$1" antin --at "$at" "${@:2}"; }
# need WHAT NEED [OF]: the one condition of that kind.
need() {
  antin --at "$at" status --json >status.json || true
  python3 - "$@" <<'PY' || { cat status.json >&2; die "at $at: $*"; }
import json, sys
what, wanted, *of = sys.argv[1:]
value = json.load(open("status.json"))
found = [c for c in value["conditions"] if c["what"] == what and (not of or c["of"] == of[0])]
assert found and {c["need"] for c in found} == {wanted}, (what, wanted, found)
assert all(c["message"] for c in value["conditions"])
assert value["well"] == (value["needs"] == 0) == all(c["need"] == "none" for c in value["conditions"])
PY
}

expect 5 antin status
later 0 init
later 4 status
need backup warning
grep -F '"needs":1,' status.json >/dev/null || { cat status.json; die "a new home needs more than a backup"; }
later 0 backup officers
later 0 backup create --to first.antin
later 0 status
grep -F "Nothing needs anybody's hands" last.out >/dev/null || die "it is well and does not say so"
# No token, no folder of tokens: they are not asked.
mv "$ANTIN_HOME/officers" "$ANTIN_HOME/ca" "$ANTIN_HOME/service" .
later 0 status --lang vi
grep -F 'Không có việc gì cần làm' last.out >/dev/null || die "not in Vietnamese"
mv officers ca service "$ANTIN_HOME"

# ---- Lists: due at half of their life, urgent before their end, over; taken away or exchanged where they are published.
at=2026-03-05T12:59:00Z need crl none
at=2026-03-05T13:01:00Z need crl warning
at=2026-03-08T23:00:00Z need crl alarm
at=2026-03-20T01:00:00Z need crl alarm
at=2026-03-20T01:00:00Z later 4 status
grep -F 'ENDED' last.out >/dev/null || die "that a list is over is not said"
cp "$ANTIN_HOME/out/crl/party.crl" kept.crl
cp "$ANTIN_HOME/out/crl/government.crl" "$ANTIN_HOME/out/crl/party.crl"
need crl alarm party
need crl none government
rm "$ANTIN_HOME/out/crl/party.crl"
need crl alarm party
cp kept.crl "$ANTIN_HOME/out/crl/party.crl"

# ---- Work that waits: an open roster, its deadline, and what a killed run left.
later 0 roster sample --rows 4 -o roster.jsonl
later 0 roster submit roster.jsonl
need roster soon
at=2026-04-20T01:00:00Z need roster alarm
for officer in officer-1 officer-2; do later 0 roster approve roster.jsonl --officer $officer; done
later 0 roster issue roster.jsonl
antin --at "$at" status --json | grep -F '"what":"roster"' >/dev/null && die "a roster that is issued is open" || true
need intents none
sqlite3 "$ANTIN_HOME/store/antin.sqlite" "PRAGMA foreign_keys = OFF; INSERT INTO intent SELECT max(seq) + 1, 'left/1', 'government-FF', 'government', x'0000000000000000000000000000000000000001', x'30', 'personal', 'personal', '', '', '', '' FROM intent"
need intents warning
sqlite3 "$ANTIN_HOME/store/antin.sqlite" "DELETE FROM intent WHERE request_id = 'left/1'"

# ---- The backup ages, and the folder that acts are shipped to goes away.
at=2026-03-08T01:00:00Z need backup none
at=2026-03-10T02:00:00Z need backup warning
at=2026-04-10T02:00:00Z need backup alarm
sed -i "s|^threshold = 2|&\nship = \"$work/nowhere\"|" "$ANTIN_HOME/antin.toml"
need backup alarm ship
sed -i '/^ship = /d' "$ANTIN_HOME/antin.toml"
# A home of before knows its backup from the log alone.
sqlite3 "$ANTIN_HOME/store/antin.sqlite" "DELETE FROM fact WHERE name = 'backup.last'"
need backup none

# ---- Certificates of officers and CAs: 90, 30 and 7 days before their end, and after it.
end=$(antin cert list --kind officer --json | python3 -c 'import json, sys; print(min(row["not_after"] for row in json.load(sys.stdin)))')
before() { date -u -d "$end $1" +%Y-%m-%dT%H:%M:%SZ; }
at=$(before '-91 days') need officer none
at=$(before '-89 days') need officer soon
at=$(before '-29 days') need officer warning
at=$(before '-6 days') need officer alarm
at=$(before '-29 days') need officers warning
at=$(before '+1 day') need officers alarm
at=$(before '+1 day') later 4 status
grep -F 'nobody can decide any more' last.out >/dev/null || { cat last.out; die "that nobody can decide is not said"; }
end=$(antin cert list --kind service --json | python3 -c 'import json, sys; print(min(row["not_after"] for row in json.load(sys.stdin)))')
at=$(before '-91 days') need service none
at=$(before '-29 days') need service warning
at=$(before '+1 day') need service alarm
end=$(antin cert list --kind issuing --json | python3 -c 'import json, sys; print(min(row["not_after"] for row in json.load(sys.stdin)))')
at=$(before '-91 days') need ca none party
at=$(before '-89 days') need ca soon party
at=$(before '-29 days') need ca warning party
at=$(before '-6 days') need ca alarm party
at=2060-01-01T00:00:00Z need ca alarm
# One officer who is suspended is one too few.
allow_suspension
antin --at "$at" cert suspend officer-2 >/dev/null
need officers alarm
antin --at "$at" cert resume officer-2 >/dev/null
need officers none

# ---- The clock went back.
at=2026-03-01T01:00:00Z need clock alarm

# ---- The disk: nothing new is begun, and revoking, lists, reading and backing up go on.
at=2026-03-03T01:00:00Z
need disk none
later 0 roster sample --rows 6 --seed 4 -o second.jsonl
later 0 roster submit second.jsonl
for officer in officer-1 officer-2; do later 0 roster approve second.jsonl --officer $officer; done
sed -i 's/^least_free_mb = .*/least_free_mb = 900000000/' "$ANTIN_HOME/antin.toml"
need disk alarm
later 1 roster issue second.jsonl
grep -F 'nothing new is issued until there is room' last.err >/dev/null || { cat last.err; die "why nothing is issued is not said"; }
later 1 roster issue second.jsonl --lang vi
grep -F 'không cấp mới cho đến khi có chỗ' last.err >/dev/null || { cat last.err; die "not in Vietnamese"; }
later 1 roster submit roster.jsonl
later 0 cert list
later 0 log verify
later 0 cert revoke --requested-by 000.00.90.H36 "$(antin cert list --kind personal --json | python3 -c 'import json, sys; print(json.load(sys.stdin)[0]["id"])')"
later 0 crl build
later 0 roster list
later 0 backup create --to second.antin
sed -i 's/^least_free_mb = .*/least_free_mb = 0/' "$ANTIN_HOME/antin.toml"
later 0 roster issue second.jsonl
