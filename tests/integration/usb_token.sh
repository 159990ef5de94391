# Officers with USB tokens: 700 ms a signature, a key that asks for its PIN each time, three tries, a PIN pad, pulled out and put back.
source "$(dirname "$0")/home.sh"
module=$(realpath "$2") softhsm2=$(realpath "$3")
export SOFTHSM2_MODULE=$module ANTIN_USB_WRAPS=$softhsm2 ANTIN_USB_TOKEN=$work/usb
mkdir usb
plug() { rm -f usb/inserted; printf '%s' "${1:-}" >usb/inserted; }
behave() { echo "$*" >usb/behaviour; }
tries() { cat usb/tries-"$1" 2>/dev/null || echo 0; }
said() { grep -q -- "$1" last.err || { cat last.err >&2; die "not said: $1"; }; }

plug
behave signature-ms=1 always-authenticate
expect 0 antin init
expect 0 antin roster sample --rows 3 -o roster.jsonl
expect 0 antin roster submit roster.jsonl
pins=$ANTIN_HOME/officers/pins config=$ANTIN_HOME/antin.toml
serial=$(antin token list --json | python3 -c 'import json,sys; print([t["serial"] for t in json.load(sys.stdin) if t["label"] == "officer-1"][0])')

# Another officer's token is plugged in, or none.
plug officer-2
expect 5 antin roster approve roster.jsonl --officer officer-1
said 'officer-1 is not there'
rm usb/inserted
expect 5 antin roster approve roster.jsonl --officer officer-1
said 'no token is'

# Of three tries a program of ours uses no last one.
plug officer-1
printf '00000000' >wrong.pin
chmod 600 wrong.pin
sed -i "s|file:officers/pins/officer-1.pin|file:$work/wrong.pin|" "$config"
for i in 1 2; do
  expect 5 antin roster approve roster.jsonl --officer officer-1
  said CKR_PIN_INCORRECT
done
sed -i "s|file:$work/wrong.pin|file:officers/pins/officer-1.pin|" "$config"
expect 5 antin roster approve roster.jsonl --officer officer-1
said 'only one PIN try is left'
[ "$(tries "$serial")" = 2 ] || die "the last try was burnt"
rm usb/tries-"$serial"  # logged in with another tool

# As slow as they are, and at the PIN pad: no PIN source of ours is read.
behave always-authenticate
expect 0 antin roster approve roster.jsonl --officer officer-1
plug officer-2
behave pin-pad always-authenticate
mv "$pins/officer-2.pin" away.pin
expect 5 antin roster approve roster.jsonl --officer officer-2
said CKR_FUNCTION_CANCELED
mkdir usb/pad
cp away.pin usb/pad/officer-2.pin
: >usb/typed
expect 0 antin roster approve roster.jsonl --officer officer-2
grep -qx officer-2.pin usb/typed || die "nobody was asked at the PIN pad"
[ "$(wc -l <usb/typed)" -gt 1 ] || die "the key did not ask for its PIN"
# At a terminal it is said who must do what, in both languages.
python3 - "$program" >terminal.txt <<'P'
import pty, sys
pty.spawn([sys.argv[1], "token", "doctor", "officer-2", "--in", "officers"])
P
grep -q 'PIN (officer-2): nhập PIN trên token / enter the PIN at the token' terminal.txt || { cat terminal.txt >&2; die "nobody is told to enter the PIN"; }
# A token with a PIN pad is initialised with what is typed there, and no source of ours is asked.
plug
printf 'typed-so-pin\n' >usb/pad/spare.so.pin
printf 'typed-user-pin\n' >usb/pad/spare.pin
sed -i 's|^\[tokens.officers.pins\]|&\n"spare" = "env:NOWHERE"|' "$config"
expect 0 antin token init spare --in officers --so-pin env:NOWHERE
expect 0 antin token keygen spare k1
mv away.pin "$pins/officer-2.pin"

# The authority on such tokens: each certificate asks for the PIN, which is given by its source.
plug
behave signature-ms=1 always-authenticate
expect 0 antin roster issue roster.jsonl
expect 0 antin crl build
expect 0 antin log verify
[ "$(antin cert list --json | grep -oE '"kind":"(personal|organisation)"' | wc -l)" = 3 ] || die "not 3 certificates"
