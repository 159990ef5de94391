# `antin cert list --expiring`: what ends soon, as text, JSON, CSV (read by Python's csv module) and calendar, now and --at another time.
source "$(dirname "$0")/home.sh"
approved_roster 12
expect 0 antin roster issue roster.jsonl
mapfile -t ids < <(antin cert list --kind personal --json | python3 -c 'import json, sys; print("\n".join(row["id"] for row in json.load(sys.stdin)))')
expect 0 antin cert revoke "${ids[0]}" --requested-by 000.00.90.H36
allow_suspension
expect 0 antin cert suspend "${ids[1]}"

expect 0 antin cert list --expiring 90d
grep -q '^0 certificates' last.out || { cat last.out; die "something ends within 90 days of its issue"; }
for span in 90 d 0d -1d 1.5y 90days 10000d; do
  expect 2 antin cert list "--expiring=$span"
  grep -q '90d, 12w, 6m, 1y' last.err || { cat last.err; die "$span: the forms are not named"; }
done
expect 2 antin cert list --expiring ''
expect 2 antin cert list --csv --ics
expect 2 antin cert list --csv --json
expect 2 antin cert list --expiring 1y --status revoked
expect 2 antin --json cert list --expiring soon
grep -q '"code":"usage"' last.out || die "a wrong span is not a usage error"

# 30 days before the subscribers' certificates end.
antin cert list --kind personal --json >now.json
at=$(python3 - <<'PY'
import datetime, json
ends = min(row["not_after"] for row in json.load(open("now.json")))
print((datetime.datetime.fromisoformat(ends.replace("Z", "+00:00")) - datetime.timedelta(days=30)).strftime("%Y-%m-%dT%H:%M:%SZ"))
PY
)
list() { antin cert list --at "$at" "$@"; }
list --expiring 90d --json >soon.json
list --expiring 90d --csv >soon.csv
list --expiring 90d --ics >soon.ics
list --expiring 90d --kind organisation --issuer party --json >party.json
list --expiring 29d --kind personal --json >later.json
list --expiring 90d --lang vi --ics >soon-vi.ics
list --json >all.json
list --csv >all.csv
python3 - "$at" <<'PY'
import csv, datetime, json, re, sys
instant = lambda text: datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
at = instant(sys.argv[1])
load = lambda name: json.load(open(name, encoding="utf-8"))
every, soon = load("all.json"), load("soon.json")
wanted = [row for row in every if row["status"] == "valid" and at <= instant(row["not_after"]) <= at + datetime.timedelta(days=90)]
wanted.sort(key=lambda row: (row["not_after"], row["id"]))
assert soon == wanted and len(soon) > 5, (len(soon), len(wanted))
assert len({row["kind"] for row in soon}) > 1
assert load("party.json") == [row for row in soon if row["kind"] == "organisation" and row["issuer"] == "party"] != []
assert load("later.json") == []

for name, rows in (("soon.csv", soon), ("all.csv", every)):
    octets = open(name, "rb").read()
    assert octets.startswith(b"\xef\xbb\xbf") and octets.count(b"\n") == octets.count(b"\r\n") == len(rows) + 1
    table = list(csv.DictReader(open(name, encoding="utf-8-sig", newline=""), strict=True))
    assert len(table) == len(rows)
    for line, row in zip(table, rows):
        for member, value in row.items():
            if member in ("not_before", "not_after"):
                assert line[member].endswith("+07:00") and instant(line[member]) == instant(value), line
            else:
                assert line[member] == value, (member, line[member], value)

def events(name):
    octets = open(name, "rb").read()
    assert octets.count(b"\n") == octets.count(b"\r\n")
    for line in octets.split(b"\r\n"):
        assert len(line) <= 75
        line.decode("utf-8")
    lines = octets.decode("utf-8").replace("\r\n ", "").split("\r\n")
    assert lines[0] == "BEGIN:VCALENDAR" and lines[-2:] == ["END:VCALENDAR", ""] and "VERSION:2.0" in lines
    found, inside = [], None
    for line in lines:
        name, value = line.split(":", 1) if ":" in line else (line, "")
        if line == "BEGIN:VEVENT":
            inside = {}
        elif line == "END:VEVENT":
            found.append(inside)
        elif inside is not None:
            inside.setdefault(name, value)
    return found
calendar = events("soon.ics")
assert [event["UID"] for event in calendar] == [row["id"] + "@antin" for row in soon]
zone = datetime.timezone(datetime.timedelta(hours=7))
for event, row in zip(calendar, soon):
    assert event["DTSTAMP"] == at.strftime("%Y%m%dT%H%M%SZ"), event
    assert event["DTSTART;VALUE=DATE"] == instant(row["not_after"]).astimezone(zone).strftime("%Y%m%d"), event
    assert event["TRIGGER"] == "-P60D" and event["ACTION"] == "DISPLAY"
    assert "Ask for renewal before it ends (Nghị định 68/2024/NĐ-CP)." in re.sub(r"\\(.)", r"\1", event["DESCRIPTION"]), event
    assert re.sub(r"\\(.)", r"\1", event["SUMMARY"]) == "Certificate ends: " + row["subject"], event
assert [event["UID"] for event in events("soon-vi.ics")] == [event["UID"] for event in calendar]
assert events("soon-vi.ics")[0]["SUMMARY"].startswith("Chứng thư hết hạn: ")
PY
