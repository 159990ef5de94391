# Forms and requests at another authority: every form is printed from rosters, ours and others' certificates; poppler and qpdf read them;
# requests are collected, exported, answered by an authority made up here, and never pass for ours.
source "$(dirname "$0")/home.sh"
approved_roster 30
printed() { python3 -c 'import json,sys; [print(f["file"]) for f in json.load(open("last.out"))["files"]]'; }
# good FILE…: sound, with Liberation Serif alone, embedded, and Vietnamese in it that is read back.
good() {
  for file in "$@"; do
    qpdf --check "$file" >qpdf.out 2>&1 || { cat qpdf.out; die "qpdf: $file"; }
    pdffonts "$file" | tail -n +3 >fonts
    [ -s fonts ] || die "$file: no font"
    ! grep -v '+LiberationSerif.* yes yes yes ' fonts || die "$file: another font"
    pdftotext -layout "$file" text
    grep -q 'ĐỀ NGHỊ' text || die "$file: no title"
    ! grep -q 'CA THỬ NGHIỆM khối' text || die "$file names a CA of ours"
    pdftoppm -r 40 -png "$file" picture
    [ "$(ls picture*.png | wc -l)" = "$(pdfinfo "$file" | sed -n 's/^Pages: *//p')" ] || die "$file: not every page is drawn"
    rm picture*.png
  done
}

# From a roster: each subject stands on one form.
for form in mau-01 mau-02; do
  expect 0 antin form print $form --roster roster.jsonl -o forms --json
  printed >files
  good $(cat files)
done
python3 - <<'PY'
import glob, json, subprocess
rows = [json.loads(line) for line in open("roster.jsonl", encoding="utf-8")][1:]
text = "".join(subprocess.run(["pdftotext", f, "-"], capture_output=True, text=True, check=True).stdout for f in glob.glob("forms/mau-01-*.pdf"))
squeezed = "".join(text.split())
for row in rows:
    if row["kind"] == "personal":
        assert "".join(row["fields"]["cn"].split()) in squeezed, row["fields"]["cn"]
        assert row["fields"]["mail"].split(".")[0] in squeezed, row["fields"]["mail"]
PY
pdftotext forms/mau-02-dang-uy-*.pdf text
grep -q 'ĐẢNG CỘNG SẢN VIỆT NAM' text || die "the heading of a Party body"
! grep -q 'Độc lập' text || die "a State heading on a Party letter"
expect 1 antin form print mau-02 --roster roster.jsonl -o forms
grep -q 'is there: name another place, or give --force' last.err || die "overwritten"
expect 0 antin form print mau-02 --roster roster.jsonl -o forms --force
expect 0 antin form print mau-01 --roster roster.jsonl --body 930.91.90.H36 -o one.pdf --json
[ "$(printed)" = one.pdf ] || die "a body by its code"
expect 1 antin form print mau-01 --roster roster.jsonl -o many.pdf
expect 2 antin form print mau-01 -o none
expect 2 antin form print mau-01 --subscriber 930.91.90.H36-01 --foreign -o none
expect 1 antin form print mau-09 --roster roster.jsonl -o none
expect 1 antin form print mau-01 --subscriber nobody -o none
expect 0 antin form print mau-01 --subscriber 930.91.90.H36-01 -o by-code.pdf
good by-code.pdf
expect 0 antin form print mau-01 --roster roster.jsonl -o dry --dry-run
for name in many.pdf none dry; do [ ! -e $name ] || die "$name was written"; done
# The same at the same time, octet for octet.
for name in a b; do expect 0 antin form print mau-01 --roster roster.jsonl --body 930.91.90.H36 -o $name.pdf --at 2026-03-02T00:00:00Z; done
cmp a.pdf b.pdf || die "two runs of one time differ"
# A tax code whose check digit is wrong: its row is left off, and the number is not told.
sed '/"code":"930.91.90.H36-01"/s/"fields":{/"fields":{"uid":"MST:0000000018",/' roster.jsonl >wrong.jsonl
antin form print mau-01 --roster wrong.jsonl -o wrong --json >wrong.out || true
grep -q '"rule":"roster.number_check_digit"' wrong.out || { cat wrong.out; die "a wrong check digit"; }
! grep -q 0000000018 wrong.out || die "the number is told"
# A letter that the face lacks: nothing is written.
sed 's/"cn":"[^"]*"/"cn":"印鑑"/' roster.jsonl >odd.jsonl
expect 1 antin form print mau-01 --roster odd.jsonl -o odd --lang vi
grep -q 'không có chữ U+5370' last.err || { cat last.err; die "a missing letter"; }
[ ! -e odd ] || die "half written"
# A long list goes over pages, its header on each.
expect 0 antin roster sample --rows 300 -o big.jsonl
python3 - <<'PY'
import json
lines = [json.loads(line) for line in open("big.jsonl", encoding="utf-8")]
for row in lines[1:]:
    if row["kind"] == "personal": row["fields"]["ou"] = "SỞ THỬ"; row["fields"]["o"] = "ỦY BAN NHÂN DÂN TỈNH LÂM ĐỒNG"; row["requested_by"] = "930.91.90.H36"
open("big.jsonl", "w", encoding="utf-8").write("".join(json.dumps(l, ensure_ascii=False) + "\n" for l in lines))
PY
expect 0 antin form print mau-01 --roster big.jsonl -o big.pdf
good big.pdf
pages=$(pdfinfo big.pdf | sed -n 's/^Pages: *//p')
[ "$pages" -gt 10 ] || die "only $pages pages"
[ "$(pdftotext -layout big.pdf - | grep -c 'Họ và tên  *Ngày sinh')" -ge $((pages - 1)) ] || die "the header is not on each page"

# Ours: in time, and too late; a revocation with its reason.
expect 0 antin roster issue roster.jsonl
expect 0 antin form print renewal --expiring 9999d -o renewals --json
good $(printed)
# Their ends are spread over some weeks.
mapfile -t ends < <(for kind in personal organisation; do antin cert list --kind $kind --json | grep -o '"not_after":"[^"]*"' | cut -d'"' -f4; done | sort)
# The decree of today has no rule on how much must be left.
expect 0 antin form print renewal --expiring 90d -o late --json --at "$(date -u -d "${ends[-1]} - 59 days" +%Y-%m-%dT%H:%M:%SZ)"
rm -r late
expect 0 antin form print renewal --expiring 90d -o intime --json --at "$(date -u -d "${ends[0]} - 61 days" +%Y-%m-%dT%H:%M:%SZ)"
python3 - "$ANTIN_HOME" <<'PY'
import json, subprocess, os
rows = [json.loads(line) for line in open("roster.jsonl", encoding="utf-8")][1:]
one = next(r for r in rows if r["kind"] == "personal")
listed = json.load(open("last.out"))
assert listed["files"] and not listed["left_out"], listed
open("code", "w").write(one["code"])
PY
code=$(cat code)
id=$(antin cert show "$code" --json | grep -o '"id":"[^"]*"' | head -1 | cut -d'"' -f4)
printf '{"format":"antin-roster-2","name":"thu hồi"}\n{"row":1,"act":"revoke","code":"%s","kind":"personal","bloc":"government","profile":"personal","replaces":"%s","requested_by":"930.91.90.H36","reason":"keyCompromise"}\n' "$code" "$id" >revoke.jsonl
expect 0 antin form print revocation --roster revoke.jsonl -o revoke.pdf
good revoke.pdf
pdftotext revoke.pdf - | tr '\n' ' ' | grep -q 'Khóa bí mật' || die "the reason"
expect 0 antin cert revoke "$code" --requested-by 000.00.90.H36
expect 3 antin form print renewal --certificate "$id" -o late --json
grep -q 'form.not_in_force' last.out || die "a revoked one"

# A device.
openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out device.key 2>/dev/null
csr() { openssl req -new -utf8 -key "$1" -subj "$2" -outform DER | base64 -w0; }
printf '{"format":"antin-roster-1","name":"thiết bị"}\n{"row":1,"code":"MC-1","kind":"device","bloc":"government","profile":"device","key":"csr","fields":{"cn":"may-chu.lamdong.test","o":"ĐƠN VỊ THỬ","dns":"may-chu.lamdong.test"},"csr":"%s"}\n' "$(csr device.key /CN=may-chu.lamdong.test)" >device.jsonl
expect 0 antin form print mau-03 --roster device.jsonl -o device.pdf
good device.pdf

# Requests at another authority.
for i in 1 2 3; do openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out p$i.key 2>/dev/null; done
person() { printf '{"row":%d,"code":"XN-%d","kind":"personal","bloc":"government","profile":"personal","key":"csr","fields":{"cn":"Cil Pam Thử %d","o":"ỦY BAN NHÂN DÂN TỈNH LÂM ĐỒNG (DỮ LIỆU GIẢ LẬP)","ou":"SỞ NỘI VỤ","mail":"xn%d@lamdong.test"},"csr":"%s"}\n' "$1" "$1" "$1" "$1" "$(csr p$1.key "/CN=p$1")"; }
{ echo '{"format":"antin-roster-1","name":"xin nơi khác","requested_by":"000.00.90.H36"}'; for i in 1 2 3; do person $i; done; } >outside.jsonl
to='NƠI CẤP THỬ'
# A request whose signature is another key's.
python3 - <<'PY'
import base64, json
lines = open("outside.jsonl", encoding="utf-8").read().splitlines()
row = json.loads(lines[2]); octets = bytearray(base64.b64decode(row["csr"])); octets[-1] ^= 1
row["csr"] = base64.b64encode(octets).decode()
open("forged.jsonl", "w", encoding="utf-8").write("\n".join([*lines[:2], json.dumps(row, ensure_ascii=False), lines[3]]) + "\n")
PY
expect 3 antin request collect forged.jsonl --authority "$to" --json
grep -q 'roster.csr_no_possession' last.out || { cat last.out; die "no possession"; }
[ "$(antin request list --json)" = '[]' ] || die "collected in part"
expect 3 antin request collect outside.jsonl --authority 'CA THỬ NGHIỆM khối Nhà nước'
grep '"key":"csr"' roster.jsonl | head -1 | sed 's/"row":[0-9]*/"row":1/' >row
{ echo '{"format":"antin-roster-1","name":"của ta","requested_by":"000.00.90.H36"}'; cat row; } >ours.jsonl
expect 3 antin request collect ours.jsonl --authority "$to" --json
grep -q 'request.own_key' last.out || { cat last.out; die "a key that we certified"; }
expect 0 antin request collect outside.jsonl --authority "$to" --dry-run
[ "$(antin request list --json)" = '[]' ] || die "--dry-run collected"
expect 0 antin request collect outside.jsonl --authority "$to"
expect 0 antin request collect outside.jsonl --authority "$to" --json
grep -q '"collected":\[\],"known":\["request-' last.out || { cat last.out; die "collected twice"; }
mkdir full && touch full/a
expect 1 antin request export --authority "$to" -o full
expect 0 antin request export --authority "$to" -o handed --json
good handed/forms/*.pdf
for file in handed/forms/mau-01-*.pdf; do pdftotext "$file" -; done >text
grep -q "Kính gửi: $to" text || die "whom the form is for"
grep -rl 'khối Nhà nước\|CA GỐC' handed && die "the folder names a CA of ours" || true
ls -d handed.part-* 2>/dev/null && die "a draft was left" || true
python3 - <<'PY'
import csv, hashlib, json, subprocess
listed = json.load(open("handed/requests.json", encoding="utf-8"))
table = list(csv.DictReader(open("handed/requests.csv", encoding="utf-8-sig")))
assert [r["id"] for r in listed["requests"]] == [r["id"] for r in table] and len(table) == 3
for r in listed["requests"]:
    der = subprocess.run(["openssl", "req", "-in", "handed/" + r["csr"], "-outform", "DER", "-verify"], capture_output=True, check=True).stdout
    assert hashlib.sha256(der).hexdigest() == r["csr_sha256"]
PY
sum=$(sha256sum handed/requests.json | cut -d' ' -f1)
antin log show --json >log.json
[ "$(grep -o "$sum" log.json | wc -l)" = 3 ] || die "the list's hash is not in the log"
expect 0 antin request export --authority "$to" -o again --json
grep -q '"directory":"","requests":\[\]' last.out || die "exported twice"
expect 0 antin request export --authority "$to" -o again --again
cmp handed/requests.json again/requests.json || die "--again differs"

# The other authority answers two of them: one as asked, one in another name; refuses the third.
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -utf8 -subj "/C=VN/O=$to/CN=CA của nơi khác" -days 3650 -keyout ca.key -out ca.pem -addext keyUsage=critical,keyCertSign,cRLSign 2>/dev/null
mkdir came
cp ca.pem came/
printf 'keyUsage=critical,digitalSignature\nbasicConstraints=critical,CA:FALSE\n' >leaf.ext
answer() { openssl req -new -utf8 -key "p$1.key" -subj "/C=VN/O=TÊN KHÁC/CN=$2" -out a.csr; openssl x509 -req -in a.csr -CA ca.pem -CAkey ca.key -set_serial "$1" -days 80 -extfile leaf.ext -out "came/p$1.pem" 2>/dev/null; }
answer 1 'Cil Pam Thử 1'
answer 2 'Người Khác Hẳn'
expect 0 antin cert import came --json
grep -q '"answers":\[{"request":"request-[0-9a-f]*","certificate":"foreign-' last.out || { cat last.out; die "no answer"; }
grep -q 'import.not_as_asked' last.out || { cat last.out; die "another name"; }
[ "$(antin request list --state issued --json | grep -o '"code":"[^"]*"')" = '"code":"XN-1"' ] || die "issued"
third=$(antin request list --json | python3 -c 'import json,sys; print(json.load(sys.stdin)[2]["id"])')
expect 0 antin request refuse "$third" --remark 'thiếu văn bản xác nhận'
expect 3 antin request refuse "$third" --remark 'lần nữa'
expect 1 antin request refuse request-0 --remark 'không có'
antin request list --at "$(date -u -d '+91 days' +%Y-%m-%dT%H:%M:%SZ)" --json | grep -q '"state":"expired","authority":"[^"]*","code":"XN-2"' || die "expired"
# Tracked like ours, and theirs.
expect 0 antin cert list --foreign --expiring 90d --json
grep -q "O=$to" last.out || die "the other authority is not named"
antin cert show 01 --json | grep -q '"subscriber":"XN-1"' || die "whose it is"
[ -z "$(antin cert list --json | grep -o XN-1)" ] || die "it passes for ours"
expect 0 antin form print renewal --foreign --expiring 90d -o foreign --json
good $(printed)
pdftotext "$(printed | head -1)" - | grep -q "Kính gửi: $to" || die "the issuer is not asked"
expect 3 antin request collect outside.jsonl --authority "$to" --json
grep -q 'request.certified' last.out || { cat last.out; die "certified and asked for again"; }
expect 0 antin log verify
for sql in "DELETE FROM outside_request_event" "UPDATE outside_request SET authority = 'ai đó'" "UPDATE outside_request_event SET certificate = 'foreign-0' WHERE state = 'issued'"; do
  rm -rf copy
  cp -r "$ANTIN_HOME" copy
  sqlite3 copy/store/antin.sqlite "PRAGMA foreign_keys = OFF; $sql"
  ANTIN_HOME=$work/copy expect 1 antin log verify
done

# Under the decree of 2018, in its time: renewed while 60 days are left.
(
  export ANTIN_HOME=$work/older
  old() { antin "${@:2}" --at "$1"; }
  expect 0 old 2019-07-01T00:00:00Z init
  expect 0 old 2019-07-01T01:00:00Z roster sample --rows 3 -o older.jsonl
  expect 0 old 2019-07-01T02:00:00Z roster submit older.jsonl
  for officer in officer-1 officer-2; do expect 0 old 2019-07-01T03:00:00Z roster approve older.jsonl --officer $officer; done
  expect 0 old 2019-07-01T04:00:00Z roster issue older.jsonl
  expect 3 old 2024-05-10T00:00:00Z form print renewal --expiring 90d -o too-late --json
  grep -q '"rule":"roster.renewal_too_late"' last.out || { cat last.out; die "too late"; }
  [ ! -e too-late ] || die "late forms"
  expect 0 old 2024-04-10T00:00:00Z form print renewal --expiring 90d -o still-in-time
  antin cert list --expiring 90d --ics --lang en --at 2024-04-10T00:00:00Z | tr -d '\r' | sed -z 's/\n //g' >older.ics
  grep -q 'Ask for renewal while at least 60 days are left (Nghị định 130/2018/NĐ-CP' older.ics || { cat older.ics; die "the decree of that day"; }
)
