# Profiles as an administrator sees them: what is in force, what a change of one does to a sample certificate, and whether a file could issue.
source "$(dirname "$0")/home.sh"

# Without a home: those of the program.
expect 0 antin profile list
grep -q '^personal: ' last.out || { cat last.out; die "no profile personal"; }
expect 0 antin profile list --json
python3 - <<'PY'
import json
profiles = {p["name"]: p for p in json.load(open("last.out"))}
assert {"citizen", "firm", "organisation", "personal", "device", "root"} <= set(profiles) and not any(p["tests_only"] for p in profiles.values()), profiles
assert {"issuing", "link", "root"} <= {n for n, p in profiles.items() if p["authority"]} and not profiles["citizen"]["authority"], profiles
PY

antin profile show personal | sed -n '/^{/,$p' >personal.json
# change FILE CODE…: the profile of personal.json with some members changed by Python.
change() { python3 - "$1" "$2" <<'PY'
import json, sys
profile = json.load(open("personal.json", encoding="utf-8"))
exec(sys.argv[2])
json.dump(profile, open(sys.argv[1], "w", encoding="utf-8"), ensure_ascii=False, indent=2)
PY
}

# The same is no difference, by name and by file.
expect 0 antin profile diff personal personal.json
expect 0 antin profile diff personal personal --json
[ "$(cat last.out)" = '[]' ] || { cat last.out; die "differences where there are none"; }

# What is changed, added and removed, and nothing else: exit code 3.
change other.json 'profile["validity"]["years"] = 3; profile["policies"].append("1.3.6.1.4.1.32473.9.9"); profile["subject"] = [s for s in profile["subject"] if s["type"] != "OU"] + [{"type": "T", "field": "t"}]; profile["extended_key_usage_critical"] = False'
expect 3 antin profile diff personal other.json --json
python3 - <<'PY'
import json
changes = {c["part"]: (c["before"], c["after"]) for c in json.load(open("last.out"))}
assert changes["certificatePolicies"] == ("1.3.6.1.4.1.32473.1.2", "1.3.6.1.4.1.32473.1.2, 1.3.6.1.4.1.32473.9.9"), changes
assert changes["subject.OU"] == ("MẪU", ""), changes
assert changes["subject.T"] == ("", "MẪU"), changes
assert changes["validity"][0].endswith(" days") and int(changes["validity"][0].split()[0]) in (1824, 1825), changes
assert changes["validity"][1].endswith(" days") and int(changes["validity"][1].split()[0]) in (1094, 1095), changes
assert len(changes) == 4, changes
PY
expect 3 antin profile diff personal other.json
expect 3 antin --lang vi profile diff personal other.json
grep -q '^- subject.OU: MẪU' last.out || { cat last.out; die "what is removed"; }
# Another order of the same attributes is another name.
change turned.json 'profile["subject"] = [profile["subject"][i] for i in (0, 2, 1, 3, 4, 5)]'
expect 3 antin profile diff personal turned.json --json
python3 - <<'PY'
import json
changes = json.load(open("last.out"))
assert [c["part"] for c in changes] == ["order"] and "subject.O, subject.OU" in changes[0]["before"] and "subject.OU, subject.O" in changes[0]["after"], changes
PY
# Two kinds of the program.
expect 3 antin profile diff personal organisation --json
expect 1 antin profile diff personal nobody

# What could issue, and what could not, with the reason.
expect 0 antin profile check other.json
expect 0 antin profile check personal --json
grep -q '"good":true' last.out || die "personal is good"
# refused REASON CODE: the changed profile is refused, aloud and as JSON, with exit code 3.
refused() {
  change bad.json "$2"
  expect 3 antin profile check bad.json
  cat last.out last.err >said
  grep -q -- "$1" said || { cat said; die "not the reason: $1"; }
  expect 3 antin profile check bad.json --json
  grep -q '"good":false' last.out || { cat last.out; die "good"; }
}
refused '/version' 'profile["version"] = 0'
refused 'surname' 'profile["surname"] = "Thử"'
refused '/validity' 'profile["validity"]["years"] = 6'
refused '/key_usage' 'profile["key_usage"].append("keyCertSign")'
refused 'name-has-one-country' 'profile["subject"] = profile["subject"][1:]'
refused 'extended-key-usage-not-any' 'profile["extended_key_usage"] = ["2.5.29.37.0"]'
refused 'key-usage-signs' 'profile["key_usage"] = ["nonRepudiation"]'
echo '{' >bad.json
expect 3 antin profile check bad.json
expect 1 antin profile check nobody

# A profile for tests is good, issues in a home that is none of production, and is refused once it is one.
expect 0 antin init
change trial.json 'profile["test"] = True; profile["name"] = "personal-trial"'
expect 0 antin profile check trial.json
mkdir -p "$ANTIN_HOME/profiles"
cp trial.json "$ANTIN_HOME/profiles/"
expect 0 antin profile list
expect 4 antin profile propose --json
number=$(python3 -c 'import json; print(json.load(open("last.out"))["number"])')
for officer in officer-1 officer-2; do expect 0 antin proposal approve "$number" --officer $officer; done
antin profile list --json | grep -q '"name":"personal-trial"' || die "it is not in force"
expect 0 antin roster sample --rows 12 -o sample.jsonl
python3 - <<'PY'
import json
lines = [json.loads(line) for line in open("sample.jsonl", encoding="utf-8")]
persons = [line for line in lines[1:] if line["kind"] == "personal"]
for name, row in (("first", persons[0]), ("second", persons[1]), ("third", persons[2])):
    row.update(row=1, profile="personal-trial")
    with open(name + ".jsonl", "w", encoding="utf-8") as out:
        for line in ({"format": "antin-roster-1", "name": name}, row):
            out.write(json.dumps(line, ensure_ascii=False) + "\n")
PY
for name in first second; do
  expect 0 antin roster submit $name.jsonl
  for officer in officer-1 officer-2; do expect 0 antin roster approve $name.jsonl --officer $officer; done
done
expect 0 antin roster issue first.jsonl
# Production: PIN files are refused there, so that they are named by the environment.
for pin in "$ANTIN_HOME"/*/pins/*.pin; do
  case $pin in *.so.pin) continue ;; esac
  variable=PIN_$(basename "$pin" .pin | tr -c 'A-Za-z0-9\n' _)
  export "$variable=$(cat "$pin")"
  sed -i "s#\"file:[^\"]*/pins/$(basename "$pin")\"#\"env:$variable\"#" "$ANTIN_HOME/antin.toml"
done
sed -i 's/^production = false/production = true/' "$ANTIN_HOME/antin.toml"
expect 3 antin profile check trial.json
expect 3 antin roster issue second.jsonl
grep -q 'personal-trial: a production configuration refuses a test profile' last.err || { cat last.err; die "not the reason"; }
expect 3 antin roster submit third.jsonl
expect 3 antin roster check third.jsonl
[ "$(antin cert list --profile personal-trial --json | grep -o '"id"' | wc -l)" = 1 ] || die "issued in production"
expect 3 antin profile propose
rm "$ANTIN_HOME/profiles/trial.json"
expect 4 antin profile propose
expect 0 antin log verify
