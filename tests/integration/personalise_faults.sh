# Tokens that fail while they are personalised: the one is set aside and named, the others go on; asked again, the one is finished too.
source "$(dirname "$0")/home.sh"
faults=$(realpath "$2") softhsm2=$(realpath "$3")
person() {
  printf '{"row":%d,"code":"CB-%d","kind":"personal","bloc":"government","profile":"personal","key":"token","fields":{"cn":"Ka Thử %d","o":"ĐƠN VỊ THỬ (DỮ LIỆU GIẢ LẬP)","ou":"SỞ NỘI VỤ","mail":"cb%d@lamdong.test"}}\n' "$1" "$1" "$1" "$1"
}
{ echo '{"format":"antin-roster-1","name":"Khay thử","requested_by":"000.00.90.H36"}'; for i in 1 2 3; do person $i; done; } >list.jsonl
expect 0 antin init
expect 0 antin backup officers
printf '\n[tokens.subscribers]\nmodule = "%s"\n' "$faults" >>"$ANTIN_HOME/antin.toml"
mkdir -p tray
printf 'directories.tokendir = %s\nobjectstore.backend = file\n' "$work/tray" >tray.conf
tray() { SOFTHSM2_CONF=$work/tray.conf ANTIN_FAULT_WRAPS=$softhsm2 ANTIN_FAULT=$fault antin "$@"; }
in_state() { antin token list --personal --json | { grep -o "\"state\":\"$1\"" || true; } | wc -l; }
count() { python3 -c 'import json,sys; print(json.load(open("last.out"))[sys.argv[1]])' "$1"; }
cp -r "$ANTIN_HOME" fresh
begin_with() { rm -rf "$ANTIN_HOME" tray; cp -r "$1" "$ANTIN_HOME"; [ -d "$1.tray" ] && cp -r "$1.tray" tray || mkdir tray; }

# No token at all: every row waits, none is begun.
fault=removed expect 5 tray token personalise list.jsonl -o roster.jsonl --json
[ "$(count waiting)" = 3 ] && [ "$(antin token list --personal --json)" = '[]' ] || { cat last.out; die "begun without a token"; }

for fault in device-error@login device-error@generate device-error@attribute device-error@find device-error@sign device-error@open; do
  begin_with fresh
  got=0
  tray token personalise list.jsonl -o roster.jsonl --json >last.out 2>last.err || got=$?
  [ "$got" = 0 ] || [ "$got" = 1 ] || { cat last.err; die "$fault: exit code $got"; }
  [ "$(count made)" -ge 2 ] || { cat last.out last.err; die "$fault: the others did not go on"; }
  [ "$got" = 0 ] || grep -q 'is set aside: .*CKR_DEVICE_ERROR' last.err || { cat last.err; die "$fault: it is not named"; }
  [ "$got" = 0 ] || [ "$(count set_aside)" = 1 ] || die "$fault: more than one is set aside"
  echo "$fault: $(count made) made, $(count set_aside) set aside"
  fault= expect 0 tray token personalise list.jsonl -o roster.jsonl
  [ "$(in_state keyed)" = 3 ] || die "$fault: not three keys in the end"
  [ "$(find tray -name token.object | wc -l)" = 3 ] || die "$fault: another token was begun"
  expect 0 antin log verify
done
fault=
expect 0 antin roster submit roster.jsonl
for officer in officer-1 officer-2; do expect 0 antin roster approve roster.jsonl --officer $officer; done
expect 0 antin roster issue roster.jsonl
cp -r "$ANTIN_HOME" issued && cp -r tray issued.tray
for fault in device-error@login device-error@create device-error@destroy device-error@find device-error@sign device-error@open; do
  begin_with issued
  got=0
  tray token finish -o letters --json >last.out 2>last.err || got=$?
  [ "$got" = 0 ] || [ "$got" = 1 ] || { cat last.err; die "$fault: exit code $got"; }
  [ "$(count finished)" -ge 2 ] || { cat last.out last.err; die "$fault: the others were not finished"; }
  echo "$fault: $(count finished) finished, $(count set_aside) set aside"
  fault= expect 0 tray token finish -o letters
  [ "$(in_state handed)" = 3 ] && [ "$(ls letters | wc -l)" = 3 ] || die "$fault: not three letters in the end"
  expect 0 antin log verify
  rm -rf letters
done
