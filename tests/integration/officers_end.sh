# Officers' certificates end after five years. In time the others certify new ones and give them the role; too late, when nobody can decide
# any more, a ceremony with the root's key makes new officers before witnesses who sign, and whoever verifies the log is told.
source "$(dirname "$0")/home.sh"
samples=$(realpath "$2") schema=$(realpath "$3")
value() { python3 -c 'import json,sys; print(eval(sys.argv[2], {"v": json.load(open(sys.argv[1]))}))' "$@"; }
sum() { sha256sum "$1" | cut -d' ' -f1; }
at=2026-03-02T01:00:00Z
later() { expect "$1" antin --at "$at" "${@:2}"; }
run() { antin --at "$at" ceremony run "$1" --sha256 "$(sum "$1")"; }
entries() { antin log show --json | grep -o '"leaf_hash"' | wc -l; }

# new_person CODE NAME TOKEN: a key in a new token of the officers', and a roster's row with its request.
new_person() {
  printf '%s' "$((RANDOM % 90000 + 10000))$RANDOM" | cut -c1-8 >"$ANTIN_HOME/officers/pins/$3.pin"
  chmod 600 "$ANTIN_HOME/officers/pins/$3.pin"
  SO=84027519 expect 0 antin token init "$3" --in officers --so-pin env:SO
  openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$3.pem" 2>/dev/null
  openssl req -new -key "$3.pem" -subj '/CN=request' -outform DER -out "$3.csr"
  SOFTHSM2_CONF=$ANTIN_HOME/officers/softhsm2.conf softhsm2-util --import "$3.pem" --token "$3" --label "$3" --id 0a --pin "$(cat "$ANTIN_HOME/officers/pins/$3.pin")" >/dev/null
  python3 - "$@" <<'PY'
import base64, json, sys
code, name, token = sys.argv[1:]
print(json.dumps({"row": int(code[-1]), "code": code, "kind": "personal", "bloc": "government", "profile": "personal", "key": "csr",
                  "fields": {"o": "ỦY BAN NHÂN DÂN TỈNH LÂM ĐỒNG (DỮ LIỆU GIẢ LẬP)", "ou": "TỔ PHÁT HÀNH CHỨNG THƯ SỐ", "cn": name, "mail": token + "@lamdong.test"},
                  "csr": base64.b64encode(open(token + ".csr", "rb").read()).decode()}, ensure_ascii=False))
PY
}

# ---- In time: half a year before the end the two officers certify two persons and give them the role.
later 0 init
at=2030-11-02T01:00:00Z
{ echo '{"format":"antin-roster-1","name":"cán bộ duyệt kế tiếp","requested_by":"000.00.90.H36"}'; new_person P-1 'Cán bộ duyệt Thử Sáu' next-1; new_person P-2 'Cán bộ duyệt Thử Bảy' next-2; } >next.jsonl
later 0 roster check next.jsonl
later 0 roster submit next.jsonl
for officer in officer-1 officer-2; do later 0 roster approve next.jsonl --officer $officer; done
later 0 roster issue next.jsonl
for person in P-1 P-2; do later 4 role grant officer $person; done
for proposal in 2 3; do for officer in officer-1 officer-2; do later 0 proposal approve $proposal --officer $officer; done; done
[ "$(antin --at "$at" role list --json | grep -o '"role":"officer"' | wc -l)" = 4 ] || die "the role was not given"

at=2031-06-01T01:00:00Z
later 0 roster sample --rows 3 --seed 3 -o after.jsonl
later 0 roster submit after.jsonl
later 3 roster approve after.jsonl --officer officer-1
later 0 roster approve after.jsonl --officer P-1 --token next-1
later 0 roster approve after.jsonl --officer P-2 --token next-2
later 0 roster issue after.jsonl
later 0 log verify --json
[ "$(value last.out 'v["officers_by_ceremony"]')" = '[]' ] || die "officers of approvals are told as of a ceremony"
# While they can decide no ceremony takes that from them, and nothing is left of the attempt.
cp "$samples/officers-2.toml" .
before=$(entries)
expect 3 run officers-2.toml
grep -F '2 officers can approve and 2 are needed' last.err >/dev/null || die "not named: $(cat last.err)"
[ "$(entries)" = "$before" ] && [ ! -e "$ANTIN_HOME/ceremonies/officers-2.toml" ] || die "a refused ceremony left something"
[ ! -e "$ANTIN_HOME/officers/pins/witness-1.pin" ] || die "a refused ceremony made tokens"

# ---- Too late: theirs are over too, and nobody can decide anything.
at=2036-01-15T01:00:00Z
later 0 roster sample --rows 2 --seed 5 -o late.jsonl
later 0 roster submit late.jsonl
for officer in officer-1 'P-1 --token next-1'; do later 3 roster approve late.jsonl --officer $officer; done
later 4 roster issue late.jsonl
sed 's/^number = 2/number = 3/' officers-2.toml >wrong.toml
expect 3 run wrong.toml
sed 's/"officer-4"/"officer-1"/' officers-2.toml >used.toml
expect 3 run used.toml
grep -F 'take new ones' last.err >/dev/null || die "a token of before was to be used: $(cat last.err)"
expect 3 antin --at "$at" ceremony run officers-2.toml --sha256 "$(sum used.toml)"
later 0 ceremony check officers-2.toml
for words in 'not by approvals' 'witness-2' 'officer-5'; do grep -F -- "$words" last.out >/dev/null || die "check does not say: $words"; done

# Killed on its way, and gone on with.
"$program" --at "$at" ceremony run officers-2.toml --sha256 "$(sum officers-2.toml)" >/dev/null 2>&1 &
running=$!
until grep -F '"act":"officers"' "$ANTIN_HOME/ceremonies/officers-2.draft.json" >/dev/null 2>&1; do
  kill -0 "$running" 2>/dev/null || break
  sleep 0.01
done
kill -9 "$running" 2>/dev/null || true
wait "$running" 2>/dev/null || true
expect 0 run officers-2.toml
expect 0 run officers-2.toml
"$schema" ceremony-transcript.schema.json <"$ANTIN_HOME/ceremonies/officers-2.json" || die "the transcript does not fit its schema"
[ "$(value "$ANTIN_HOME/ceremonies/officers-2.json" '[(s["act"], s["of"]) for s in v["steps"]]')" = \
  "[('key', 'officer-4'), ('key', 'officer-5'), ('key', 'witness-1'), ('key', 'witness-2'), ('officers', 'officers-2'), ('certificate', 'officer-4'), ('certificate', 'officer-5')]" ] || die "steps: $(cat "$ANTIN_HOME/ceremonies/officers-2.json")"

# ---- Nobody is an officer before every witness has signed.
later 4 ceremony verify officers-2
later 3 roster approve late.jsonl --officer officer-4
later 3 ceremony sign officers-2 --officer officer-4
later 1 ceremony sign officers-2
later 1 ceremony sign officers-2 --witness witness-3
later 0 ceremony sign officers-2 --witness witness-1 --dry-run
later 0 ceremony sign officers-2 --witness witness-1
grep -F 'may not approve yet' last.out >/dev/null || die "that a witness is missing is not said"
later 1 ceremony sign officers-2 --witness 'Chứng Thử Một'
later 3 roster approve late.jsonl --officer officer-4
later 0 log verify
grep -F 'not in force' last.out >/dev/null || die "log verify does not say that a witness is missing"
later 0 ceremony sign officers-2 --witness 'Chứng Thử Hai' --json
[ "$(value last.out 'v["officers_in_force"]')" = True ] || die "every witness signed and nobody is an officer"
for officer in officer-4 officer-5; do later 0 ceremony sign officers-2 --officer $officer; done
later 0 ceremony verify officers-2 --json
[ "$(value last.out '[v["good"], v["whole"], len(v["signers"])]')" = '[True, True, 4]' ] || { cat last.out; die "the ceremony is not whole"; }
later 0 ceremony print officers-2 -o officers.pdf --lang vi
pdftotext -layout officers.pdf officers.txt
[ "$(grep -c 'người chứng kiến' officers.txt)" = 2 ] || { cat officers.txt; die "witnesses on paper"; }

# ---- They decide from now on, and the audit says aloud where they come from.
for officer in officer-4 officer-5; do later 0 roster approve late.jsonl --officer $officer; done
later 0 roster issue late.jsonl
# Who does not know the paper does not accept them.
later 3 log verify
grep -F 'NOT ACCEPTED' last.out >/dev/null || { cat last.out; die "officers of a ceremony are accepted by themselves"; }
later 3 log verify --ceremony "$(sum officers-2.toml)"
paper=$(sum "$ANTIN_HOME/ceremonies/officers-2.json")
later 0 log verify --ceremony "$paper"
grep -F 'NOTE: officers were made by the ceremony officers-2' last.out >/dev/null || { cat last.out; die "the audit keeps it to itself"; }
later 0 log verify --ceremony "$paper" --lang vi
grep -F 'KHÔNG qua phê duyệt' last.out >/dev/null || die "not in Vietnamese"
later 0 log verify --ceremony "$paper" --json
[ "$(value last.out '[(o["ceremony"], len(o["officers"]), o["witnesses"], o["in_force"]) for o in v["officers_by_ceremony"]]')" = \
  "[('officers-2', 2, ['Chứng Thử Hai', 'Chứng Thử Một'], True)]" ] || { cat last.out; die "the audit tells another ceremony"; }
sed -e 's/^number = 2/number = 3/' -e 's/officer-4"/officer-6"/' -e 's/officer-5"/officer-7"/' -e 's/witness-/witness-3/' officers-2.toml >officers-3.toml
expect 3 run officers-3.toml
grep -F '2 officers can approve' last.err >/dev/null || die "not named: $(cat last.err)"

# ---- A changed transcript is signed by nobody; and when the CAs' own certificates are over there is no way but a new authority.
at=2060-01-01T00:00:00Z
later 0 log verify --ceremony "$paper"
expect 3 run officers-3.toml
grep -F 'begin a new authority' last.err >/dev/null || die "the end is not named: $(cat last.err)"
sed -i 's/Thử Một/Thử Khác/' "$ANTIN_HOME/ceremonies/officers-2.json"
later 3 ceremony verify officers-2
