# An incident from the finding to the report, as officers and an operator see it: what it hits is shown first, officers approve exactly that,
# a run that was killed goes on, lists tell it, and those who lost a certificate get another one.
source "$(dirname "$0")/home.sh"
approved_roster 40
expect 0 antin roster issue roster.jsonl
expect 0 antin crl build
cp roster.jsonl first.jsonl
value() { python3 -c 'import json,sys; print(eval(sys.argv[2], {"v": json.load(open(sys.argv[1]))}))' "$@"; }
counted() { antin cert list --status "$1" --json | { grep -o '"id"' || true; } | wc -l; }

# ---- What it would hit: nothing is written, and everything is listed.
of_party=$(antin cert list --issuer party --json | { grep -oE '"kind":"(personal|organisation)"' || true; } | wc -l)
[ "$of_party" -gt 3 ] || die "the sample has no certificates of the Party bloc"
create=(antin incident create 'khóa yếu' --select issuer=party key=ec-p256 --reason keyCompromise --deadline 24h --reissue --description 'lô token có lỗi')
expect 0 "${create[@]}" --dry-run --json
cp last.out would.json
hit=$(value would.json 'v["certificates"]')
[ "$hit" -gt 2 ] && [ "$(value would.json 'len(v["hits"])')" = "$hit" ] || die "the dry run does not list what it hits"
[ "$(antin incident list --json)" = '[]' ] || die "--dry-run wrote"
expect 2 antin incident create x1 --deadline 24h --reason superseded
expect 2 antin incident create x1 --select issuer=party --deadline 24h
expect 2 antin incident create x1 --select issuer=party --deadline soon --reason superseded
expect 1 antin incident create x1 --select issuer=party colour=red --reason superseded --deadline 24h
expect 1 antin incident create x1 --select issuer=party unit=nowhere --reason superseded --deadline 24h
expect 3 antin incident create x1 --select issued-until=2001-01-01 --reason superseded --deadline 24h

# ---- Created, frozen, waiting.
expect 4 "${create[@]}" --json
value last.out 'v["incident"]' >hash
expect 4 "${create[@]}"
[ "$(antin incident list --json | grep -o '"number"' | wc -l)" = 1 ] || die "asking again opened another one"
expect 4 antin incident run 'khóa yếu'
expect 4 antin incident status 'khóa yếu'
[ "$(counted revoked)" = 0 ] || die "revoked without officers"
expect 0 antin incident approve 1 --officer officer-1 --dry-run
expect 0 antin incident approve 1 --officer officer-1
expect 4 antin incident run 'khóa yếu'
expect 1 antin incident approve "$(cut -c1-12 hash)" --officer officer-1
expect 0 antin incident approve "$(cut -c1-12 hash)" --officer officer-2
expect 0 antin incident show 1 --json
[ "$(value last.out 'len(v["list"])')" = "$hit" ] || die "show does not list the certificates"

# ---- Those who lose a certificate: bodies get a new key in the token, persons must bring a request.
expect 0 antin incident reissue 'khóa yếu' -o again.jsonl --requested-by 000.00.99.H36 --json
cp last.out reissue.json
rows=$(value reissue.json 'v["rows"]') waiting=$(value reissue.json 'len(v["waiting"])')
[ "$((rows + waiting))" = "$hit" ] && [ "$rows" -gt 0 ] && [ "$waiting" -gt 0 ] || die "$rows rows and $waiting waiting for $hit certificates"
[ "$(value reissue.json 'v["rekey"]')" = "$rows" ] || die "what is in force is not rekeyed"
code=$(value reissue.json 'v["waiting"][0]["subscriber"]')
mkdir requests
openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout person.key -subj '/CN=bat ky' -out "requests/$code.csr" 2>/dev/null
expect 0 antin incident reissue 'khóa yếu' -o again.jsonl --requests requests --requested-by 000.00.99.H36 --json
[ "$(value last.out 'v["rows"]')" = "$((rows + 1))" ] || die "the request that was brought is not taken"
expect 0 antin roster check again.jsonl
expect 0 antin roster submit again.jsonl
for officer in officer-1 officer-2; do expect 0 antin roster approve again.jsonl --officer $officer; done
expect 0 antin roster issue again.jsonl
[ "$(counted revoked)" = "$((rows + 1))" ] || die "a replaced certificate is not revoked"

# ---- The run: only what is left; lists are built once at the end, and it is done in time.
expect 0 antin incident run 'khóa yếu' --without-lists
grep -F 'antin crl build --issuer party' last.out >/dev/null || die "it does not say which list is due"
[ "$(antin incident status 1 --json | grep -o '"stage":"[a-z]*"')" = '"stage":"unlisted"' ] || die "not unlisted"
expect 0 antin incident run 'khóa yếu' --json
[ "$(value last.out '[c["issuer"] for c in v["crls"]]')" = "['party']" ] || die "the list that was due was not built"
[ "$(counted revoked)" = "$hit" ] || die "not all are revoked"
expect 0 antin incident status 'khóa yếu' --json
[ "$(value last.out '[v["stage"], v["met"], v["done"], v["omitted"], v["left"]]')" = "['done', True, $((hit - rows - 1)), $((rows + 1)), 0]" ] || { cat last.out >&2; die "not done as it should"; }
expect 0 antin crl verify party
expect 0 antin incident run 'khóa yếu'
[ "$(counted revoked)" = "$hit" ] || die "something was revoked twice or beside it"

# ---- The report: every certificate with its time; a page that says the same; nothing is overwritten.
expect 0 antin incident report 'khóa yếu' -o report.pdf --lang vi
expect 1 antin incident report 'khóa yếu' -o report.pdf
[ "$(value report.json '[len(v["list"]), len(v["approved_by"]), v["met"], v["replaced"]]')" = "[$hit, 2, True, $((rows + 1))]" ] || die "the report does not tell it"
pdftotext -layout report.pdf report.txt
for words in 'BÁO CÁO SỰ CỐ' 'khóa yếu' 'issuer=party, key=ec-p256' 'lô token có lỗi' 'Kịp hạn' 'CRL số' "$(sha256sum report.json | cut -c1-16)"; do
  tr -s ' \n' ' ' <report.txt | grep -F "$words" >/dev/null || { cat report.txt >&2; die "the page does not say: $words"; }
done

# ---- A key that somebody shows: it is blocked at once, its certificate is revoked by officers.
openssl pkey -in person.key -out proof.pem
expect 0 antin incident create 'khóa lộ' --proof proof.pem --deadline 24h --dry-run
expect 0 antin key check person.key
expect 4 antin incident create 'khóa lộ' --proof proof.pem --deadline 24h
expect 3 antin key check person.key
for officer in officer-1 officer-2; do expect 0 antin incident approve 2 --officer $officer; done
expect 0 antin incident run 2
[ "$(counted revoked)" = "$((hit + 1))" ] || die "the key's certificate is not revoked"

# ---- A suspension of a unit, put in the place of a wrong one, and overdue.
unit=$(python3 -c 'import json; print(json.loads(open("first.jsonl", encoding="utf-8").read().splitlines()[-1])["fields"]["o"])')
allow_suspension
hold=(--act suspend --deadline 5d)
expect 4 antin incident create 'tạm dừng' --select kind=personal "${hold[@]}"
expect 1 antin incident create 'tạm dừng' --select "unit=$unit" kind=personal "${hold[@]}"
expect 4 antin incident create 'tạm dừng' --select "unit=$unit" kind=personal "${hold[@]}" --anew
expect 3 antin incident approve 3 --officer officer-1
for officer in officer-1 officer-2; do expect 0 antin incident approve 'tạm dừng' --officer $officer; done
later=$(date -u -d '+6 days' +%Y-%m-%dT%H:%M:%SZ)
antin incident status 'tạm dừng' --at "$later" >late
grep -F OVERDUE late >/dev/null || die "the deadline passed unseen"
expect 0 antin incident run 'tạm dừng'
[ "$(counted suspended)" -gt 0 ] || die "nobody is suspended"

# ---- What was suspended comes back by the same way: one operator alone may resume a hundred, no more.
held=$(counted suspended)
expect 2 antin incident create 'trả lại' --select kind=personal --act resume --reason superseded --deadline 24h
expect 2 antin incident create 'trả lại' --proof proof.pem --act resume --deadline 24h
expect 4 antin incident create 'trả lại' --select kind=personal --act resume --deadline 24h --json
[ "$(value last.out '[v["act"], v["certificates"]]')" = "['resume', $held]" ] || { cat last.out >&2; die "the resumption selects others than what is suspended"; }
expect 4 antin incident run 'trả lại'
[ "$(counted suspended)" = "$held" ] || die "resumed without officers"
for officer in officer-1 officer-2; do expect 0 antin incident approve 'trả lại' --officer $officer; done
expect 0 antin incident run 'trả lại' --json
[ "$(value last.out '[v["done"], v["left"], len(v["crls"]) > 0]')" = "[$held, 0, True]" ] || { cat last.out >&2; die "not resumed, or no list tells it"; }
[ "$(counted suspended)" = 0 ] || die "some are still suspended"
expect 0 antin incident report 'trả lại' -o back.json
[ "$(value back.json '[v["act"], v["stage"], v["not_ended"]]')" = "['resume', 'done', []]" ] || die "the report does not tell the resumption"
mapfile -t many < <(yes "$(antin cert list --kind personal --status valid --limit 1 --json | grep -o '"id":"[^"]*"' | cut -d'"' -f4)" | head -101)
for act in revoke suspend resume; do
  expect 3 antin cert "$act" "${many[@]}" --dry-run
  grep -F 'antin incident create' last.err >/dev/null || die "cert $act: it does not say what to do with more than a hundred"
done
expect 0 antin log verify --json
[ "$(value last.out 'v["ended"]')" -gt 3 ] || die "the audit does not count what incidents ended"

# ---- The number of approvals that the configuration asks for decides nothing: the audit counts.
cp -r "$ANTIN_HOME" copy
sed -i 's/required_approvals = 2/required_approvals = 1/' copy/antin.toml
export ANTIN_HOME=$work/copy
expect 4 antin incident create 'một mình' --select kind=organisation --reason superseded --deadline 24h
expect 0 antin incident approve 'một mình' --officer officer-1
expect 0 antin incident run 'một mình'
expect 3 antin log verify
grep -F 'with 1 of 2 approvals' last.err >/dev/null || die "not named: $(cat last.err)"
