# Tokens of the CA that fail, through the real program: the code 5, a message that says what and where, and nothing lost or written.
source "$(dirname "$0")/home.sh"
faults=$(realpath "$2") softhsm2=$(realpath "$3")
approved_roster 12
config=$ANTIN_HOME/antin.toml
sed -i "s|^softhsm2 = \"ca\"|module = \"$faults\"|" "$config"
grep -q "$faults" "$config" || die "antin.toml has no token home of the CA"
export SOFTHSM2_CONF=$ANTIN_HOME/ca/softhsm2.conf ANTIN_FAULT_WRAPS=$softhsm2
state() { antin log verify --json; antin cert list --json | grep -o '"id"' | wc -l; sha256sum "$ANTIN_HOME"/out/crl/*.crl; }

before=$(state)
# refused FAULT TEXT: both kinds of act end with 5 and say it.
refused() {
  ANTIN_FAULT=$1 expect 5 antin crl build
  grep -q "$2" last.err || { cat last.err >&2; die "$1: not said: $2"; }
  ANTIN_FAULT=$1 expect 5 antin roster issue roster.jsonl
  grep -q "$2" last.err || { cat last.err >&2; die "$1: not said: $2"; }
  ! grep -qF "$(cat "$ANTIN_HOME/ca/pins/government.pin")" last.err || die "$1: a PIN is in the message"
}
refused locked 'PIN_LOCKED'
refused login-locked 'CKR_PIN_LOCKED'
refused final-try 'only one PIN try is left'
[ "$before" = "$(state)" ] || die "a token that let nobody in changed something"

# While a roster is issued: what heals by itself is not noticed; a token that is pulled out in the middle stops it, and when it is back the
# roster is finished; nothing is issued twice, and no intent is left without its certificate.
cp -r "$ANTIN_HOME" approved
issued_once() {
  [ "$(antin cert list --json | grep -oE '"kind":"(personal|organisation)"' | wc -l)" = 12 ] || die "$1: not 12 certificates"
  [ "$(antin cert list --json | grep -o '"serial":"[0-9A-F]*"' | sort | uniq -d | wc -l)" = 0 ] || die "$1: a serial stands twice"
  expect 0 antin log verify
  antin log show --json >log.json
  [ "$(grep -o 'certificate\.intent' log.json | wc -l)" = "$(grep -o 'certificate\.issue' log.json | wc -l)" ] || die "$1: an intent without its certificate"
}
for fault in session-lost session-lost@sign-init session-lost@find slow device-error device-error@attribute; do
  rm -rf "$ANTIN_HOME"
  cp -r approved "$ANTIN_HOME"
  ANTIN_FAULT=$fault expect 0 antin roster issue roster.jsonl
  issued_once "$fault"
done
for fault in removed removed-later removed@sign removed@login removed@find; do
  rm -rf "$ANTIN_HOME"
  cp -r approved "$ANTIN_HOME"
  ANTIN_FAULT=$fault expect 5 antin roster issue roster.jsonl
  grep -qE 'token (party|government)' last.err || { cat last.err >&2; die "$fault: the token is not named"; }
  [ "$(antin cert list --json | grep -oE '"kind":"(personal|organisation)"' | wc -l)" -lt 12 ] || die "$fault stopped nothing"
  expect 0 antin roster issue roster.jsonl
  issued_once "$fault"
done
rm -rf "$ANTIN_HOME"
mv approved "$ANTIN_HOME"

# Logged in and then gone: intents may be open, certificates are not, and the next run finishes with the same bytes.
certificates=$(antin cert list --json | grep -o '"id"' | wc -l)
refused device-broken 'token [a-z]*: .*CKR_'
[ "$(antin cert list --json | grep -o '"id"' | wc -l)" = "$certificates" ] || die "a certificate without a token"
unset ANTIN_FAULT
expect 0 antin roster issue roster.jsonl
expect 0 antin crl build
[ "$(antin cert list --json | grep -o '"id"' | wc -l)" = $((certificates + 12)) ] || die "the roster was not finished"
[ "$(antin cert list --json | grep -o '"serial":"[0-9A-F]*"' | sort | uniq -d | wc -l)" = 0 ] || die "a serial stands twice"
expect 0 antin log verify

# A token that is not there at all, and one whose PIN is wrong: once, never again.
sed -i "s|^module = \"$faults\"|softhsm2 = \"ca\"|" "$config"
unset SOFTHSM2_CONF
printf '00000000' >wrong.pin
chmod 600 wrong.pin
sed -i "s|file:ca/pins/government.pin|file:$work/wrong.pin|" "$config"
expect 5 antin crl build --issuer government
grep -q 'CKR_PIN_INCORRECT' last.err || { cat last.err >&2; die "a wrong PIN was not named"; }
! grep -q 00000000 last.err || die "the wrong PIN is in the message"
mv "$ANTIN_HOME/ca/tokens" "$ANTIN_HOME/ca/away"
mkdir "$ANTIN_HOME/ca/tokens"
expect 5 antin crl build
grep -q 'is not there' last.err || { cat last.err >&2; die "a missing token was not named"; }
