# The real event of 1 July 2025: districts end, wards merge, a department is renamed, a commune keeps its name without a
# district, two provinces join. From a mapping: dry run, roster, approvals, reissue, revocation, links; what was signed
# before keeps its verdict of that day and the body's name as it was. Persons are invented, times are given with --at.
source "$(dirname "$0")/home.sh"
at=2025-06-02T02:00:00Z
run() { antin --at "$at" "$@"; }
issue() {  # FILE: submitted, approved by two officers and issued
  expect 0 run roster check "$1"
  expect 0 run roster submit "$1"
  for officer in officer-1 officer-2; do expect 0 run roster approve "$1" --officer $officer; done
  expect 0 run roster issue "$1"
}
show() { run cert show "$1" --json | python3 -c 'import json, sys; print(json.load(sys.stdin).get(sys.argv[1], ""))' "$2"; }
expect 0 run init

for person in P-1 P-2 P-3 P-4; do
  openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout $person.key -subj "/CN=$person" -outform DER -out $person.csr 2>/dev/null
done
cat >rosters.py <<'PY'
import base64, json
lam_dong, dak_nong, binh_thuan = (f"ỦY BAN NHÂN DÂN TỈNH {name} (DỮ LIỆU GIẢ LẬP)" for name in ("LÂM ĐỒNG", "ĐẮK NÔNG", "BÌNH THUẬN"))
bodies = [("000.00.90.H36", "ỦY BAN NHÂN DÂN TỈNH LÂM ĐỒNG", "Lâm Đồng", lam_dong),
          ("000.92.90.H36", "ỦY BAN NHÂN DÂN THÀNH PHỐ ĐÀ LẠT", "Thành phố Đà Lạt", lam_dong),
          ("905.92.90.H36", "ỦY BAN NHÂN DÂN PHƯỜNG 1", "Thành phố Đà Lạt", lam_dong),
          ("904.92.90.H36", "ỦY BAN NHÂN DÂN PHƯỜNG 2", "Thành phố Đà Lạt", lam_dong),
          ("909.92.96.H36", "ỦY BAN NHÂN DÂN XÃ NINH GIA", "Huyện Đức Trọng", lam_dong),
          ("930.90.90.H36", "SỞ NỘI VỤ", "Lâm Đồng", lam_dong),
          ("930.90.91.H36", "BAN DÂN TỘC", "Lâm Đồng", lam_dong),
          ("930.90.92.Z99", "SỞ NỘI VỤ", "Đắk Nông", dak_nong),
          ("930.90.93.Z99", "SỞ NỘI VỤ", "Bình Thuận", binh_thuan),
          ("000.92.91.H36", "ỦY BAN NHÂN DÂN THÀNH PHỐ BẢO LỘC", "Thành phố Bảo Lộc", lam_dong)]
persons = [("P-1", "Nguyễn Thị Thử", "ỦY BAN NHÂN DÂN PHƯỜNG 1", lam_dong),
           ("P-2", "Trần Văn Thử", "ỦY BAN NHÂN DÂN THÀNH PHỐ ĐÀ LẠT", lam_dong),
           ("P-3", "Lê Thị Mẫu", "ỦY BAN NHÂN DÂN THÀNH PHỐ ĐÀ LẠT", lam_dong),
           ("P-4", "Cil Pam Thử", "SỞ NỘI VỤ", dak_nong)]
def write(name, lines):
    with open(name, "w", encoding="utf-8") as out:
        for line in lines:
            out.write(json.dumps(line, ensure_ascii=False) + "\n")
rows = [{"code": code, "kind": "organisation", "bloc": "government", "profile": "organisation", "key": "token",
         "fields": {"cn": cn, "l": place, "o": o}} for code, cn, place, o in bodies]
rows += [{"code": code, "kind": "personal", "bloc": "government", "profile": "personal", "key": "csr",
          "fields": {"cn": cn, "ou": unit, "o": o, "mail": code.lower() + "@lamdong.test"},
          "csr": base64.b64encode(open(code + ".csr", "rb").read()).decode()} for code, cn, unit, o in persons]
write("june.jsonl", [{"format": "antin-roster-1", "name": "Lâm Đồng 6/2025", "requested_by": "000.00.90.H36"}] + [{"row": i, **row} for i, row in enumerate(rows, 1)])
body = lambda code, cn, unit: {"body": code, "bloc": "government", "unit": unit, "fields": {"cn": cn, "l": "Lâm Đồng", "o": lam_dong}}
new = "H36.90.901"
write("mapping.jsonl", [
    {"format": "antin-reorganisation-1", "name": "Sắp xếp 01/7/2025", "at": "2025-07-01T00:00:00+07:00", "requested_by": "000.00.90.H36"},
    {"from": "000.92.90.H36", "kind": "ended"},                            # the district: its persons leave
    {"person": "P-2", "to": new},                                          # but this one
    {"from": "905.92.90.H36", "kind": "merged", "to": new},
    {"from": "904.92.90.H36", "kind": "merged", "to": new},
    body(new, "ỦY BAN NHÂN DÂN PHƯỜNG XUÂN HƯƠNG - ĐÀ LẠT", "24781"),
    {"from": "909.92.96.H36", "kind": "moved"},
    body("909.92.96.H36", "ỦY BAN NHÂN DÂN XÃ NINH GIA", "24985"),
    {"from": "930.90.91.H36", "kind": "renamed"},
    body("930.90.91.H36", "SỞ DÂN TỘC VÀ TÔN GIÁO", "68"),
    {"from": "930.90.92.Z99", "kind": "joined", "to": "930.90.90.H36"},
    {"from": "930.90.93.Z99", "kind": "joined", "to": "930.90.90.H36"}])
PY
python3 rosters.py
issue june.jsonl

# What the bodies sign in June.
at=2025-06-20T03:00:00Z
expect 0 run crl build
bodies='000.00.90.H36 000.92.90.H36 905.92.90.H36 904.92.90.H36 909.92.96.H36 930.90.90.H36 930.90.91.H36 930.90.92.Z99 930.90.93.Z99'
for code in $bodies; do
  echo "Công văn của $code" >$code.txt
  expect 0 run sign $code.txt --signer $code --format cades -o $code.p7s
done
declare -A id
for code in $bodies P-1 P-2 P-3 P-4 000.92.91.H36; do id[$code]=$(show $code id); done
# The last day: its lists and CA certificates are the record of what was in force.
at=2025-06-30T16:00:00Z
expect 0 run crl build
cp -r home/out june
for code in $bodies; do expect 0 run verify $code.p7s --detached $code.txt; done
size=$(antin log verify --json | python3 -c 'import json, sys; print(json.load(sys.stdin)["size"])')
expect 0 run roster reorganise mapping.jsonl -o acts.jsonl --dry-run --json
mv last.out before.json
expect 0 run --lang vi roster reorganise mapping.jsonl -o acts.jsonl --dry-run
grep -q 'kế thừa' last.out || die "the dry run is not told in Vietnamese"
expect 3 run roster reorganise mapping.jsonl -o acts.jsonl
grep -q 'it takes effect at 2025-07-01T00:00:00+07:00' last.err || { cat last.err; die "the day is not named"; }
[ ! -e acts.jsonl ] || die "the roster was written before the day, or by a dry run"

# 1 July 2025, Vietnam.
at=2025-06-30T17:00:00Z
expect 0 run roster reorganise mapping.jsonl -o acts.jsonl --json
mv last.out plan.json
cat >plan.py <<'PY'
import json
before, plan = (json.load(open(name, encoding="utf-8")) for name in ("before.json", "plan.json"))
assert before.pop("dry_run") is True and plan.pop("dry_run") is False and before == plan
acts = [(act["code"], act["act"], act["reason"], act["followed_by"]) for act in plan["acts"]]
new = "H36.90.901"
assert acts == [
    (new, "issue", "", ""),
    ("909.92.96.H36", "rekey", "affiliationChanged", ""), ("930.90.91.H36", "rekey", "superseded", ""),
    *((person, "change", "affiliationChanged", "") for person in ("P-2", "P-1", "P-4")),
    ("000.92.90.H36", "revoke", "cessationOfOperation", ""), ("905.92.90.H36", "revoke", "cessationOfOperation", new),
    ("904.92.90.H36", "revoke", "cessationOfOperation", new), ("930.90.92.Z99", "revoke", "cessationOfOperation", "930.90.90.H36"),
    ("930.90.93.Z99", "revoke", "cessationOfOperation", "930.90.90.H36"), ("P-3", "revoke", "affiliationChanged", "")], acts
told = {act["code"]: (act["before"], act["after"]) for act in plan["acts"]}
assert told["930.90.91.H36"] == ("BAN DÂN TỘC", "SỞ DÂN TỘC VÀ TÔN GIÁO")
assert told["P-1"] == ("Nguyễn Thị Thử, ỦY BAN NHÂN DÂN PHƯỜNG 1", "Nguyễn Thị Thử, ỦY BAN NHÂN DÂN PHƯỜNG XUÂN HƯƠNG - ĐÀ LẠT")
# Bảo Lộc ends as well, and the mapping forgot it; the province and the department that others join stay as they are.
assert [one["rule"] for one in plan["doubtful"]] == ["reorganise.names_ended_unit"] and "Bảo Lộc" in plan["doubtful"][0]["message"]
assert len(plan["untouched"]) == 2
PY
python3 plan.py
[ "$(antin log verify --json | python3 -c 'import json, sys; print(json.load(sys.stdin)["size"])')" = "$size" ] || die "a plan was logged"
# Nothing is done without officers.
expect 0 run roster submit acts.jsonl
expect 4 run roster issue acts.jsonl
[ "$(show "${id[905.92.90.H36]}" status)" = valid ] || die "a ward ended without approval"
at=2025-06-30T17:10:00Z
issue acts.jsonl
expect 0 run crl build
expect 0 antin log verify
expect 0 run roster issue acts.jsonl  # again: nothing more is done

# Links, in both directions.
new=$(show H36.90.901 id)
for code in 905.92.90.H36 904.92.90.H36; do
  [ "$(show "${id[$code]}" followed_by)" = H36.90.901 ] || die "$code is not followed"
  show "$new" follows | grep -q "${id[$code]}" || die "the new ward does not tell of $code"
done
for code in 930.90.92.Z99 930.90.93.Z99; do
  [ "$(show "${id[$code]}" followed_by)" = 930.90.90.H36 ] || die "$code is not followed"
  show 930.90.90.H36 follows | grep -q "${id[$code]}" || die "the department does not tell of $code"
done
[ "$(show 930.90.90.H36 id)" = "${id[930.90.90.H36]}" ] || die "the department that others join got another certificate"
[ -z "$(show "${id[000.92.90.H36]}" followed_by)" ] || die "a district is followed"
for code in 909.92.96.H36 930.90.91.H36 P-1 P-2 P-4; do
  [ "$(show "$(show $code id)" predecessor)" = "${id[$code]}" ] || die "$code does not follow what it was"
done
[ "$(show P-3 status)" = revoked ] || die "who left still has a certificate"
[ "$(show "${id[000.92.91.H36]}" status)" = valid ] || die "what was doubtful was not left as it was"
run cert show "${id[905.92.90.H36]}" | grep -q '^followed_by: H36.90.901$' || die "cert show does not tell"
run cert show "$new" | grep -q "^follows: ${id[904.92.90.H36]}\$" || die "cert show does not tell the other way"

# What was signed in June: good by the record of its last day, with the name as it was, though the body is no more. By the
# lists of July alone a signature of a body that ended has no proof that it is older: it is intact, and no more is said.
declare -A name=([000.92.90.H36]='THÀNH PHỐ ĐÀ LẠT' [905.92.90.H36]='PHƯỜNG 1' [904.92.90.H36]='PHƯỜNG 2' [909.92.96.H36]='Huyện Đức Trọng'
  [930.90.91.H36]='BAN DÂN TỘC' [930.90.92.Z99]='ĐẮK NÔNG' [930.90.93.Z99]='BÌNH THUẬN')
for code in $bodies; do
  expect 0 antin --at 2025-06-30T16:30:00Z verify $code.p7s --detached $code.txt --trust june
  cp last.out then.out
  if [ -z "${name[$code]:-}" ]; then
    expect 0 run verify $code.p7s --detached $code.txt
    continue
  fi
  grep -q "${name[$code]}" then.out || { cat then.out; die "$code: not the name as it was"; }
  expect 3 run verify $code.p7s --detached $code.txt --json
  python3 - "${name[$code]}" <<'PY'
import json, sys
report = json.load(open("last.out", encoding="utf-8"))
assert (report["indication"], report["sub_indication"]) == ("INDETERMINATE", "REVOKED_NO_POE"), report
assert sys.argv[1] in json.dumps(report, ensure_ascii=False), report
PY
  # A changed document stays a bad one, whatever the day.
  expect 3 antin --at 2025-06-30T16:30:00Z verify $code.p7s --detached 000.00.90.H36.txt --trust june --json
  { [ $code = 000.00.90.H36 ] || grep -q TOTAL-FAILED last.out; } || die "$code: another document passes"
done
# The new names sign, and those that ended do not.
at=2025-07-02T02:00:00Z
echo mới >new.txt
expect 0 run sign new.txt --signer H36.90.901 --format cades -o new.p7s
expect 0 run verify new.p7s --detached new.txt
grep -q 'PHƯỜNG XUÂN HƯƠNG - ĐÀ LẠT' last.out || die "not the new name"
expect 0 run sign new.txt --signer 930.90.91.H36 --format cades -o renamed.p7s
expect 0 run verify renamed.p7s --detached new.txt
grep -q 'SỞ DÂN TỘC VÀ TÔN GIÁO' last.out || die "not the new name of the department"
for code in 905.92.90.H36 000.92.90.H36 930.90.92.Z99; do
  expect 3 run sign new.txt --signer "${id[$code]}" --format cades -o never.p7s
done

# What a unit and a body were called when, and what follows them.
expect 0 antin unit show 24781 --at 2025-06-30T16:59:59Z --json
grep -q '"name":"Phường 2".*"successor":{"code":"24781","name":"Phường Xuân Hương - Đà Lạt"}' last.out || { cat last.out; die "the ward of June"; }
expect 0 antin unit show 24781 --at 2025-06-30T17:00:00Z
grep -q 'Phường Xuân Hương - Đà Lạt' last.out && [ "$(grep -c ' Phường' last.out)" = 6 ] || { cat last.out; die "the ward of July"; }
expect 0 antin unit list --level district --at 2025-07-01T00:00:00Z --json
[ "$(cat last.out)" = '[]' ] || die "there are districts in July 2025"
expect 1 antin unit show 672 --at 2025-07-01T00:00:00Z
expect 0 antin body show 930.90.91.H36 --json
python3 - <<'PY'
import json
body = json.load(open("last.out", encoding="utf-8"))
assert [(one["name"], one["until"] > one["from"], one["followed_by"]) for one in body["names"]] == \
    [("BAN DÂN TỘC", True, ""), ("SỞ DÂN TỘC VÀ TÔN GIÁO", True, "")], body
assert body["names"][0]["until"].startswith("2025-06-30T17:"), body
PY
expect 0 antin --at 2025-06-15T00:00:00Z body show 930.90.91.H36
grep -q 'BAN DÂN TỘC' last.out && [ "$(wc -l <last.out)" = 1 ] || { cat last.out; die "the name as it was"; }
expect 0 antin body show 905.92.90.H36
grep -q 'H36.90.901' last.out || die "the ward is not followed"

# The district that the mapping forgot: corrected and read again, only what is missing is left to do.
{ cat mapping.jsonl; echo '{"from":"000.92.91.H36","kind":"ended"}'; } >corrected.jsonl
expect 0 run roster reorganise corrected.jsonl -o rest.jsonl --json
python3 - <<'PY'
import json
plan = json.load(open("last.out", encoding="utf-8"))
assert [(act["code"], act["act"], act["reason"]) for act in plan["acts"]] == [("000.92.91.H36", "revoke", "cessationOfOperation")], plan["acts"]
assert plan["doubtful"] == [], plan["doubtful"]
assert {note["rule"] for note in plan["notes"]} == {"reorganise.nothing_new", "reorganise.no_certificate"}, plan["notes"]
PY
issue rest.jsonl
expect 0 run roster reorganise corrected.jsonl -o none.jsonl
grep -q '^No certificate has to change' last.out || { cat last.out; die "something is left"; }

# A circle, and a code that nobody has: refused, and nothing written.
sed 's/"kind": "joined", "to": "930.90.90.H36"/"kind": "joined", "to": "930.90.93.Z99"/' mapping.jsonl >circle.jsonl
expect 1 run roster reorganise circle.jsonl -o none.jsonl
sed 's/"930.90.93.Z99"/"930.90.99.Z99"/' mapping.jsonl >unknown.jsonl
expect 3 run roster reorganise unknown.jsonl -o none.jsonl
grep -q 'line 12: from: no subscriber has the code 930.90.99.Z99' last.out || { cat last.out; die "the line is not named"; }
[ ! -e none.jsonl ] || die "a refused mapping was written"
expect 0 antin log verify
