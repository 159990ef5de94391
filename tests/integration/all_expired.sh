# Thirty years later every certificate has expired, no daemon runs, and whoever audits or clears up can still do it, as text and
# as JSON. What needs a valid officer or subject is refused with the reason, and nothing is signed for one. The way out while the CAs are still valid is in
# officers_end.sh.
source "$(dirname "$0")/home.sh"
approved_roster 4
expect 0 antin roster issue roster.jsonl
printf 'letter\n' >letter.txt
expect 0 antin sign letter.txt --signer 930.91.90.H36 -o letter.p7s
cp -r home/out kept  # the lists of that day
at=2060-01-01T00:00:00Z

# later CODE WORDS…: as text, and as JSON that is one value a line with the same exit code.
later() {
  local wanted=$1
  shift
  expect "$wanted" antin "$@" --at "$at"
  expect "$wanted" antin "$@" --at "$at" --json
  python3 -c 'import json, sys; lines = sys.stdin.read().splitlines(); assert lines; [json.loads(line) for line in lines]' <last.out || { cat last.out; die "no JSON: $*"; }
}

later 0 cert list
python3 -c 'import json; rows = json.load(open("last.out")); assert len(rows) == 10 and {row["status"] for row in rows} == {"expired"}, rows' || die "something has not expired"
later 0 cert list --status expired
later 0 cert list --expiring 90d
later 0 cert show 930.91.90.H36
later 0 ca list
later 0 crl build
later 0 crl show home/out/crl/government.crl
later 0 crl verify home/out/crl/government.crl
later 0 lint crl home/out/crl/government.crl
later 0 lint cert home/out/ca/root.pem
later 0 log verify
later 0 log show
later 0 roster list
later 0 roster status roster.jsonl
later 0 role list
later 0 proposal list
later 0 profile list
later 0 profile show personal
later 0 profile explain personal
later 0 policy show
later 0 key list
later 0 incident list
later 0 request list
later 0 form list
later 0 unit list
later 0 token list
later 0 system list
later 0 cert export 930.91.90.H36 -o one.pem
later 0 export --all -o "left-$RANDOM" --dry-run
expect 0 antin export --all -o left --at "$at"
openssl crl -inform DER -in left/government/crl.der -noout 2>last.err || die "the list of an authority that left is unreadable"

# A signature of that time is not good now by itself, and that is said; as of its own day it is.
later 3 verify letter.p7s --detached letter.txt
grep -q 'OUT_OF_BOUNDS\|EXPIRED\|NO_POE' last.out || { cat last.out; die "the reason is not that it expired"; }
expect 0 antin verify letter.p7s --detached letter.txt --trust kept

# Refused, and nothing is written.
entries() { antin log verify --json | python3 -c 'import json, sys; print(json.load(sys.stdin)["size"])'; }
before=$(entries)
expect 0 antin roster sample --rows 3 --seed 9 -o second.jsonl
expect 0 antin roster submit second.jsonl --at "$at"
submitted=$(entries)
later 3 roster approve second.jsonl --officer officer-1
later 4 roster issue second.jsonl
later 3 cert revoke 930.91.90.H36 --requested-by 000.00.90.H36
later 3 cert suspend 930.91.90.H36
later 3 backup officers
later 3 sign letter.txt --signer 930.91.90.H36 -o again.p7s
[ "$(entries)" = "$submitted" ] || die "a refused act left an entry: $before, $submitted, $(entries)"
[ ! -e again.p7s ] || die "an expired signer signed"
later 0 log verify
