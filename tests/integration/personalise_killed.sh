# `token personalise`, `finish`, `unblock` and `recycle` killed at moments spread over everything that they write: asked again, each
# finishes; every subscriber has one token with one key, one letter whose PIN is good, and the log is that of the store.
source "$(dirname "$0")/killed.sh"
rounds=$((${ANTIN_KILL_RUNS:-100} / 5))
[ "$rounds" -gt 0 ] || rounds=1
module=${SOFTHSM2_MODULE:-$(ls /usr/lib/softhsm/libsofthsm2.so /usr/lib/*/softhsm/libsofthsm2.so 2>/dev/null | head -1)}
person() {
  printf '{"row":%d,"code":"CB-%d","kind":"personal","bloc":"government","profile":"personal","key":"token","fields":{"cn":"Ka Thử %d","o":"ĐƠN VỊ THỬ (DỮ LIỆU GIẢ LẬP)","ou":"SỞ NỘI VỤ","mail":"cb%d@lamdong.test"}}\n' "$1" "$1" "$1" "$1"
}
{ echo '{"format":"antin-roster-1","name":"Khay thử","requested_by":"000.00.90.H36"}'; for i in 1 2 3; do person $i; done; } >list.jsonl
states() { antin token list --personal --json | python3 -c 'import json,sys; print(*sorted({t["state"] for t in json.load(sys.stdin)}))'; }
labels() { antin token list --personal --json | python3 -c 'import json,sys; [print(t["label"]) for t in json.load(sys.stdin) if t["state"] != "recycled"]'; }
pin_of() { pdftotext -layout "$1" - | sed -n 's/^ *\([0-9]\{4\}\) *\([0-9]\{4\}\) *$/\1\2/p'; }
logs_in() { # LABEL PIN: with one private key
  SOFTHSM2_CONF=$ANTIN_HOME/subscribers/softhsm2.conf GNUTLS_PIN=$2 p11tool --provider "$module" --login --list-privkeys "pkcs11:token=$1" >privkeys 2>privkeys.err </dev/null &&
    [ "$(grep -c '^Object' privkeys)" = 1 ]
}
home_of() { rm -rf "$ANTIN_HOME"; cp -r "$1" "$ANTIN_HOME"; }
letters=$ANTIN_HOME/out/letters
personalise=(token personalise list.jsonl -o roster.jsonl)
finish=(token finish -o "$letters")
both=(--officer officer-1 --officer officer-2)
unblock=(token unblock CB-1 -o "$ANTIN_HOME/out/again.pdf" "${both[@]}")
recycle=(token recycle CB-2 --remark thử "${both[@]}")

expect 0 antin init
expect 0 antin backup officers
cp -r "$ANTIN_HOME" fresh
changes_of personalise.log "${personalise[@]}"
expect 0 antin roster submit roster.jsonl
for officer in officer-1 officer-2; do expect 0 antin roster approve roster.jsonl --officer $officer; done
expect 0 antin roster issue roster.jsonl
cp -r "$ANTIN_HOME" issued
changes_of finish.log "${finish[@]}"
cp -r "$ANTIN_HOME" handed
changes_of unblock.log "${unblock[@]}"
home_of handed
changes_of recycle.log "${recycle[@]}"
for step in personalise finish unblock recycle; do
  points $step.log "$rounds" >$step.points
  echo "$step: $(wc -l <$step.points) of $(wc -l <$step.log) changes"
done

for point in $(cat personalise.points); do
  home_of fresh
  killed_at "$point" "${personalise[@]}"
  expect 0 antin "${personalise[@]}"
  [ "$(states)" = keyed ] && [ "$(labels | wc -l)" = 3 ] || die "$moment: not three tokens with keys"
  [ "$(ls "$ANTIN_HOME"/subscribers/tokens | wc -l)" = 3 ] || die "$moment: another token was begun"
  [ "$(ls "$ANTIN_HOME"/personal/*.so.pin | wc -l)" = 3 ] || die "$moment: an officer's PIN is not kept"
  [ "$(($(wc -l <roster.jsonl) - 1))" = 3 ] || die "$moment: not three requests"
  for token in "$ANTIN_HOME"/subscribers/tokens/*; do
    # A file of some octets is what SoftHSM2 was about to write: no object for it or for us.
    [ "$(find "$token" -name '*-*.object' -size +100c | wc -l)" = 2 ] || die "$moment: not one key pair on each token"
  done
  expect 0 antin log verify
done
for point in $(cat finish.points); do
  home_of issued
  killed_at "$point" "${finish[@]}"
  expect 0 antin "${finish[@]}"
  [ "$(states)" = handed ] || die "$moment: not all handed over"
  [ "$(ls "$letters" | wc -l)" = 3 ] || die "$moment: $(ls "$letters" | wc -l) letters"
  for label in $(labels); do logs_in "$label" "$(pin_of "$letters/$label.pdf")" || { cat privkeys.err; die "$moment: the PIN of $label"; }; done
  [ -z "$(ls "$ANTIN_HOME"/personal | grep -v desk.lock)" ] || die "$moment: left in personal: $(ls "$ANTIN_HOME"/personal)"
  expect 0 antin log verify
done
for point in $(cat unblock.points); do
  home_of handed
  killed_at "$point" "${unblock[@]}"
  # A letter that was recorded comes to its place with the next command; else it is asked for again.
  [ -e "$ANTIN_HOME/out/again.pdf" ] || expect 0 antin "${finish[@]}"
  [ -e "$ANTIN_HOME/out/again.pdf" ] || expect 0 antin "${unblock[@]}"
  label=$(labels | grep ^CB-1)
  logs_in "$label" "$(pin_of "$ANTIN_HOME/out/again.pdf")" || { cat privkeys.err; die "$moment: the new PIN"; }
  expect 0 antin log verify
done
for point in $(cat recycle.points); do
  home_of handed
  killed_at "$point" "${recycle[@]}"
  [ "$(labels | grep -c ^CB-2)" = 0 ] || expect 0 antin "${recycle[@]}"
  [ "$(antin cert list --status revoked --json | grep -o '"id"' | wc -l)" = 1 ] || die "$moment: not one certificate revoked"
  { echo '{"format":"antin-roster-1","name":"Người sau","requested_by":"000.00.90.H36"}'; person 1 | sed 's/CB-1/CB-9/; s/cb1@/cb9@/'; } >next.jsonl
  expect 0 antin token personalise next.jsonl -o next-roster.jsonl
  [ "$(ls "$ANTIN_HOME"/subscribers/tokens | wc -l)" = 3 ] || die "$moment: the recycled token was not used again"
  expect 0 antin log verify
done
enough_landed $((rounds * 3))
