#!/usr/bin/env bash
# A home with three officers is backed up and ships its acts; it is killed in the middle of one, its machine is lost, and
# two officers bring it back on a bare one: same keys, every acknowledged act, the log whole.
source "$(dirname "$0")/home.sh"

# The officers' tokens, on a machine that has nothing else.
openers() { echo --officers "$work/safe/officers" --officer "$1" --officer "$2"; }
spki() { openssl x509 -in "$1" -noout -pubkey; }

expect 0 antin init --officers 3
expect 0 antin roster sample --rows 40 -o sample.jsonl
python3 - <<'PYTHON'
import json
head, *rows = map(json.loads, open("sample.jsonl"))
for name, part in (("roster", rows[:20]), ("more", [row for row in rows[20:] if row["key"] == "csr"])):
    with open(name + ".jsonl", "w") as out:
        print(json.dumps({**head, "name": name}, ensure_ascii=False), file=out)
        for number, row in enumerate(part, 1):
            print(json.dumps({**row, "row": number}, ensure_ascii=False), file=out)
PYTHON
expect 0 antin roster submit roster.jsonl
for officer in officer-1 officer-2; do expect 0 antin roster approve roster.jsonl --officer $officer; done
expect 0 antin roster issue roster.jsonl

# ---- Before the officers have encryption keys
expect 3 antin backup create --to early.backup
grep -qF 'antin backup officers' last.err || die "the error does not say what to do"
[ ! -e early.backup ] && [ ! -e early.backup.partial ] || die "a refused backup left something"
expect 0 antin backup officers --dry-run
expect 0 antin backup officers --json
cp last.out first.json
expect 0 antin backup officers --json
cmp -s first.json last.out || die "backup officers again made other certificates"
expect 0 antin log verify
expect 0 antin token doctor --in officers
[ "$(antin cert list --kind encryption --json | grep -o '"kind":"encryption"' | wc -l)" = 3 ] || die "not three encryption certificates"

# ---- Shipping: nothing is done that no backup could follow
mkdir ship
printf '[backup]\nthreshold = 2\nship = "%s"\n' "$work/ship" >shipping.toml
sed -i '/^\[backup\]/,/^$/d' home/antin.toml
cat shipping.toml >>home/antin.toml
certificate() { antin cert list --kind personal --status valid --json | grep -o '"id":"[^"]*"' | sed -n "$1p" | cut -d'"' -f4; }
first=$(certificate 1) second=$(certificate 2)
expect 3 antin cert revoke "$first" --requested-by 000.00.90.H36 --reason superseded --remark x
grep -qF 'antin backup create' last.err || die "the error does not say that a backup is needed"
[ -z "$(ls ship)" ] || die "a refused act was shipped"

expect 0 antin backup create --to full.backup
expect 1 antin backup create --to full.backup
expect 0 antin log verify
[ "$(stat -c %a full.backup)" = 600 ] || die "others may read the backup"
[ ! -e home/store/backup.staging ] && [ ! -e full.backup.partial ] || die "the backup left copies"

# ---- What is acknowledged from now on is in the segments
expect 0 antin cert revoke "$first" --requested-by 000.00.90.H36 --reason superseded --remark 'after the backup'
expect 0 antin roster submit more.jsonl
for officer in officer-1 officer-2; do expect 0 antin roster approve more.jsonl --officer $officer; done
allow_suspension
expect 4 antin incident create 'tạm dừng' --select kind=organisation --act suspend --deadline 5d
for officer in officer-1 officer-2; do expect 0 antin incident approve 'tạm dừng' --officer $officer; done
expect 0 antin incident run 'tạm dừng'
suspended=$(antin cert list --status suspended --json)
[ "$suspended" != '[]' ] || die "nobody is suspended"

# An act whose segment cannot be written is not done.
mv ship away
expect 5 antin cert revoke "$second" --requested-by 000.00.90.H36 --reason superseded --remark lost
mv away ship
antin cert show "$second" --json | grep -qF '"status":"valid"' || die "an act was done that was not shipped"

# Killed in the middle of an issue, store and segment wherever they are.
for delay in 0.02 0.03 0.04 0.05 0.06 0.08; do
  "$program" roster issue more.jsonl >killed.out 2>&1 &
  victim=$!
  sleep $delay
  kill -9 $victim 2>/dev/null || true
  wait $victim 2>/dev/null || true
done
expect 0 antin roster issue more.jsonl
expect 0 antin cert revoke "$second" --requested-by 000.00.90.H36 --reason keyCompromise --remark 'the last act'
expect 0 antin crl build
antin cert list --json >certificates.before
antin log verify --json >log.before
cp home/out/crl/government.crl crl.before
for name in root party government; do spki home/out/ca/$name.pem >$name.before; done

# ---- The machine is lost: what is left are the backup, the segments, the officers' tokens and the PINs in their envelopes
mkdir -p safe/pins
cp -a home/officers safe/officers
cp -a home/ca/pins safe/pins/ca
cp -a home/service/pins safe/pins/service
cp full.backup safe/
rm -rf home

# ---- No PIN and no key in clear
for pin in safe/pins/*/*.pin safe/officers/pins/*.pin; do
  for file in full.backup ship/*.segment; do
    ! grep -aqF "$(cat "$pin")" "$file" || die "$pin stands in $file"
  done
done
for word in softhsm2 antin.sqlite 'SQLite format' government.crl required_approvals; do
  ! grep -aqF "$word" full.backup || die "\"$word\" stands in the backup in clear"
done

# ---- Who cannot open it
bare() { antin --home "$work/bare" "$@"; }
nothing_left() { [ ! -e bare ] && [ -z "$(ls -d .bare* 2>/dev/null)" ] || die "a refused restore left something: $1"; }
expect 3 bare backup restore full.backup --segments ship --officers safe/officers --officer officer-1
nothing_left 'one officer'
expect 3 bare backup restore full.backup --segments ship --officers safe/officers --officer officer-1 --officer officer-1
nothing_left 'one officer twice'
expect 1 bare backup restore full.backup --segments ship --officers safe/officers
expect 5 bare backup restore full.backup --segments ship --officers safe/officers --officer officer-1 --officer officer-9
nothing_left 'no such officer'
ANTIN_HOME=$work/other expect 0 antin init
ANTIN_HOME=$work/other expect 0 antin backup officers
expect 3 bare backup restore full.backup --segments ship --officers other/officers --officer officer-1 --officer officer-2
nothing_left 'officers of another authority'
rm -rf other

# ---- What was changed
expect 0 antin backup verify full.backup
expect 0 antin backup verify full.backup $(openers officer-1 officer-3)
size=$(stat -c %s full.backup)
head -c $((size - 1)) full.backup >short.backup
head -c $((size / 2)) full.backup >half.backup
{ cat full.backup; echo; } >long.backup
cp full.backup edited.backup
printf 'X' | dd of=edited.backup bs=1 seek=$((size / 2)) conv=notrunc status=none
: >empty.backup
for name in short half long edited; do
  [ $name = edited ] || expect 1 antin backup verify $name.backup
  expect 1 antin backup verify $name.backup $(openers officer-1 officer-2)
  expect 1 bare backup restore $name.backup --segments ship $(openers officer-1 officer-2)
  nothing_left $name
done
expect 1 antin backup verify empty.backup
expect 1 antin backup verify roster.jsonl
mkdir gap
cp ship/* gap/
rm "$(ls gap/*.segment | sed -n 3p)"
expect 1 bare backup restore full.backup --segments gap $(openers officer-1 officer-2)
nothing_left 'a missing segment'
cp "$(ls ship/*.segment | sed -n 3p)" gap/
damaged=$(ls gap/*.segment | sed -n 2p)
printf 'XXXX' | dd of="$damaged" bs=1 seek=$(($(stat -c %s "$damaged") - 30)) conv=notrunc status=none
expect 1 bare backup restore full.backup --segments gap $(openers officer-1 officer-2)
nothing_left 'a changed segment'
expect 3 bare backup restore full.backup $(openers officer-1 officer-2)
grep -qF -- --segments last.err || die "the error does not say that segments are needed"
nothing_left 'no segments'

# ---- Two of three bring it back
begin=$(date +%s%N)
expect 0 bare backup restore full.backup --segments ship $(openers officer-2 officer-3) --json
cat last.out
cp -a safe/pins/ca/. bare/ca/pins/
cp -a safe/pins/service/. bare/service/pins/
expect 0 bare crl build
echo "from a bare folder to a signed list: $((($(date +%s%N) - begin) / 1000000)) ms"
expect 0 bare log verify
[ "$(bare cert list --status suspended --json)" = "$suspended" ] || die "what the incident suspended is not suspended"
bare incident status 'tạm dừng' --json | grep -qF '"stage":"done"' || die "the incident is not as it was"
expect 1 bare backup restore full.backup --segments ship $(openers officer-2 officer-3)

for name in root party government; do spki bare/out/ca/$name.pem | cmp -s - $name.before || die "$name has another key"; done
for name in party government; do
  openssl crl -inform DER -in bare/out/crl/$name.crl -CAfile bare/out/ca/$name.pem -noout 2>crl.err
  grep -qF 'verify OK' crl.err || die "the list of $name is not signed with the same key"
done
bare cert list --json | cmp -s - certificates.before || die "certificates are not the same"
serials() { openssl crl -inform DER -in "$1" -noout -text | grep 'Serial Number' | sort; }
serials crl.before >serials.before
serials bare/out/crl/government.crl | cmp -s - serials.before || die "the list has other entries"
before=$(grep -o '"size":[0-9]*' log.before | cut -d: -f2)
bare log show --from "$before" --count 1 --json | grep -qF '"type":"restore"' || die "the first act does not say that it was restored"
[ -z "$(ls bare/ca/pins/officer* bare/officers/tokens 2>/dev/null)" ] || die "officers' tokens came with the backup"

# ---- It goes on, and can be lost again: the same backup and all segments
cp -a safe/officers/. bare/officers/
third=$(bare cert list --kind personal --status valid --json | grep -o '"id":"[^"]*"' | sed -n 1p | cut -d'"' -f4)
expect 0 bare cert revoke "$third" --requested-by 000.00.90.H36 --reason superseded --remark again
bare log verify --json >log.again
rm -rf bare
expect 0 bare backup restore full.backup --segments ship $(openers officer-1 officer-3)
bare cert show "$third" --json | grep -qF '"status":"revoked"' || die "an act after the restore is lost"

# ---- Giving up the segments is said aloud, and the next act waits for a backup
rm -rf bare
expect 0 bare backup restore full.backup --without-segments $(openers officer-1 officer-3)
cp -a safe/pins/ca/. bare/ca/pins/
expect 0 bare log verify
expect 3 bare crl build
expect 0 bare backup create --to second.backup
expect 0 bare crl build
echo "backup: done"
