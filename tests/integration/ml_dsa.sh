# ML-DSA beside ECDSA: issuing CAs and a root get keys in software, which a home of tests alone may have; a profile that asks for them is
# issued by them while the others are issued as before; lists, link certificates and a subscriber's own key of ML-DSA hold for openssl as for us.
# With an OpenSSL that has no ML-DSA the same commands are refused in a sentence, and nothing is left behind.
source "$(dirname "$0")/home.sh"
soon() { date -u -d "$1" +%Y-%m-%dT%H:%M:%SZ; }
decide() { for officer in officer-1 officer-2; do expect 0 antin --at "$at" proposal approve "$1" --officer $officer; done; }
state_of() { antin --at "$at" ca list --json | tr '{' '\n' | grep "\"name\":\"$1\"" | grep -o '"state":"[a-z]*"' | cut -d'"' -f4; }
is() { [ "$1" = "$2" ] || die "${3:-}: $1, not $2"; }
says() { grep -F -- "$1" "$work/last.err" "$work/last.out" >/dev/null || die "not said: $1: $(cat "$work/last.err")"; }
roll_over() { antin --at "$at" ca roll-over propose "$1" --key "$2" --from "$at"; }
configuration=$ANTIN_HOME/antin.toml
at=$(soon now)

expect 0 antin init
# No module keeps such keys, and a configuration must say that they may be in software.
has_ml_dsa=no
openssl list -signature-algorithms 2>/dev/null | grep -q ML-DSA-65 && has_ml_dsa=yes
cp "$configuration" kept.toml
if [ $has_ml_dsa = yes ]; then
  expect 3 roll_over government ml-dsa-65
  says 'software = "ca/software"'
fi
sed -i '/^\[tokens\.ca\]$/a software = "ca/software"' "$configuration"
cp "$configuration" test.toml
# A production configuration refuses them, whatever is done; and no other group of tokens has them.
sed -i 's/^production = false/production = true/; s/= "file:.*"/= "prompt"/' "$configuration"
expect 3 antin cert list
says "refuses keys in software"
sed -i '/^software = /d' "$configuration"
expect 3 roll_over government ml-dsa-65
says "no key of ML-DSA yet"
cp kept.toml "$configuration"
sed -i '/^\[tokens\.service\]$/a software = "service/software"' "$configuration"
antin cert list >/dev/null 2>last.err && die "another group had keys in software"
says "for [tokens.ca] alone"
cp test.toml "$configuration"
# A token of PKCS#11 makes none.
antin token keygen seals x --key ml-dsa-65 >/dev/null 2>&1 && die "a token of SoftHSM2 made a key of ML-DSA"

if [ $has_ml_dsa = no ]; then
  antin --at "$at" ca roll-over propose government --key ml-dsa-65 --from "$at" >last.out 2>last.err && die "proposed without ML-DSA"
  says "has no ML-DSA: version 3.5 has"
  antin --lang vi --at "$at" ca roll-over propose government --key ml-dsa-65 --from "$at" 2>last.err && die "proposed without ML-DSA"
  says "không có ML-DSA: cần bản 3.5"
  [ ! -e "$ANTIN_HOME/ca/software" ] || die "something was made"
  antin proposal list --json | grep '"kind":"issuer"' >/dev/null && die "something was proposed"
  expect 0 antin token list
  expect 0 antin token doctor
  expect 0 antin log verify
  exit 0
fi

# Keys are made and decided on; asked again it is the same key. The root of P-256 certifies them.
expect 4 roll_over government ml-dsa-65
expect 4 roll_over government ml-dsa-65
is "$(antin proposal list --json | grep -o '"kind":"issuer"' | wc -l)" 1 "proposals"
decide 2
expect 0 antin --at "$at" ca roll-over complete government-2
expect 4 roll_over party ml-dsa-65
decide 3
expect 0 antin --at "$at" ca roll-over complete party-2
for bloc in government party; do is "$(state_of $bloc)" issuing "$bloc"; done
software=$ANTIN_HOME/ca/software
is "$(stat -c %a "$software/government-2" "$software/government-2/government-2.pem" "$software/pins/government-2.pin" | tr '\n' ' ')" "700 600 600 " "modes"
grep -q 'BEGIN ENCRYPTED PRIVATE KEY' "$software/government-2/government-2.pem" || die "the key is not encrypted"
expect 0 antin token list
says "software-government-2"
expect 0 antin token doctor
says "government-2"
expect 0 antin token doctor government-2
says "for tests alone"
expect 0 antin token bench government-2 --seconds 1
# A wrong PIN opens nothing, and is not shown.
cp "$software/pins/government-2.pin" right.pin
echo 13571357 >"$software/pins/government-2.pin"
antin --at "$at" crl build government-2 >last.out 2>last.err && die "a wrong PIN opened the key"
says "wrong passphrase"
grep -F 13571357 last.out last.err >/dev/null && die "the PIN was shown"
cp right.pin "$software/pins/government-2.pin"
expect 0 antin --at "$at" log verify

# A profile that asks for them, and takes subscribers' keys of that kind; the other profiles go on as they were.
mkdir -p "$ANTIN_HOME/profiles"
antin profile show personal | sed -n '/^{/,$p' |
  sed 's/"version": 2,/"version": 3, "test": true, "issuer_key": "ml-dsa-65", "subject_keys": ["ml-dsa-44"],/' >"$ANTIN_HOME/profiles/personal.json"
expect 4 antin --at "$at" profile propose
decide 4
is "$(state_of government-2)" issuing government-2
is "$(state_of government)" issuing government
openssl genpkey -algorithm ML-DSA-44 -out own.key 2>/dev/null
openssl req -new -key own.key -subj "/CN=Thử" -outform DER -out own.csr
expect 0 antin --at "$at" roster sample --rows 12 -o roster.jsonl
own=$(base64 -w0 own.csr)
first=$(grep -n '"csr":"' roster.jsonl | head -1 | cut -d: -f1)
sed -i "${first}s#\"csr\":\"[^\"]*\"#\"csr\":\"$own\"#" roster.jsonl
expect 0 antin --at "$at" roster submit roster.jsonl
for officer in officer-1 officer-2; do expect 0 antin --at "$at" roster approve roster.jsonl --officer $officer; done
expect 0 antin --at "$at" roster issue roster.jsonl
ids() { antin --at "$at" cert list --json | tr '{' '\n' | grep "\"kind\":\"$1\"" | grep -o '"id":"[^"]*"' | cut -d'"' -f4 | sort || true; }
ids personal | grep -vE '^(government|party)-2-' && die "a person's certificate is not of the new kind"
ids organisation | grep -E '^(government|party)-2-' && die "an organisation's certificate is of the new kind"
out=$ANTIN_HOME/out
person=$(ids personal | grep '^government-2-' | head -1) organisation=$(ids organisation | grep '^government-' | head -1)
[ -n "$person" ] && [ -n "$organisation" ] || die "the sample has not both kinds"
for id in "$person" "$organisation"; do
  antin --at "$at" cert export "$id" -o "$id.pem" >/dev/null
  expect 0 antin --at "$at" cert show "$id"
done
openssl x509 -in "$person.pem" -noout -text | grep -F 'Signature Algorithm: ML-DSA-65' >/dev/null || die "not signed with ML-DSA"
openssl x509 -in "$organisation.pem" -noout -text | grep -F ecdsa-with-SHA256 >/dev/null || die "not signed with ECDSA"
own_found=no
for id in $(ids personal); do
  antin --at "$at" cert export "$id" -o own.pem >/dev/null
  openssl x509 -in own.pem -noout -text | grep -F 'Public Key Algorithm: ML-DSA-44' >/dev/null && own_found=yes
done
is $own_found yes "the certificate of a subscriber's own key of ML-DSA"
for id in $(ids personal); do
  antin --at "$at" cert export "$id" -o one.pem >/dev/null
  expect 0 antin lint one.pem
done

# Where the profile does not say so, such a key is refused: one of the organisations asks with it.
expect 0 antin --at "$at" roster sample --rows 12 --seed 2 -o other.jsonl
sed -i "s/\"code\":\"/\"code\":\"R2-/; s/\"name\":\"[^\"]*\"/\"name\":\"đợt 2\"/" other.jsonl
line=$(grep -n '"kind":"organisation"' other.jsonl | head -1 | cut -d: -f1)
sed -i "${line}s#\"key\":\"token\"#\"key\":\"csr\",\"csr\":\"$own\"#" other.jsonl
antin --at "$at" roster submit other.jsonl >last.out 2>last.err && die "a key that the profile does not take was accepted"
says "takes no key of kind ml-dsa-44"

# Lists: revoked on the list of the generation that issued, signed with its key, good for openssl and for us.
at=$(soon '+1 hour')
expect 0 antin --at "$at" cert revoke "$person" --requested-by 000.00.90.H36 --reason superseded
expect 0 antin --at "$at" crl build
serial() { openssl x509 -in "$1" -noout -serial | cut -d= -f2; }
openssl crl -inform DER -in "$out/crl/government-2.crl" -noout -text >list
grep -F 'Signature Algorithm: ML-DSA-65' list >/dev/null || die "the list is not signed with ML-DSA"
grep -F "$(serial "$person.pem")" list >/dev/null || die "not on the list of its generation"
for name in root party party-2 government government-2; do
  expect 0 antin --at "$at" crl verify $name
  openssl crl -inform DER -in "$out/crl/$name.crl" -CAfile "$out/ca/$name.pem" -noout 2>verified || true
  grep -F 'verify OK' verified >/dev/null || die "openssl on the list of $name: $(cat verified)"
  openssl crl -inform DER -in "$out/crl/$name.crl" -out "$name.crl.pem"
done
then=$(date -u -d '+2 hours' +%s)
verify() { openssl verify -attime "$then" -x509_strict "$@" >verified 2>&1; }
checked() { verify -crl_check -CRLfile government-2.crl.pem -CAfile "$out/ca/root.pem" -untrusted "$out/ca/government-2.pem" "$1"; }
good=$(ids personal | grep '^government-2-' | tail -1)
antin --at "$at" cert export "$good" -o good.pem >/dev/null
checked good.pem || die "a good certificate: $(cat verified)"
checked "$person.pem" && die "a revoked certificate was accepted"
grep -F 'certificate revoked' verified >/dev/null || die "refused for another reason: $(cat verified)"
# A flipped bit in the list's signature.
cp "$out/crl/government-2.crl" good.crl
python3 - "$out/crl/government-2.crl" <<'PY'
import sys
octets = bytearray(open(sys.argv[1], "rb").read())
octets[-9] ^= 4
open(sys.argv[1], "wb").write(octets)
PY
antin --at "$at" crl verify government-2 >/dev/null 2>&1 && die "a spoilt list was accepted"
cp good.crl "$out/crl/government-2.crl"
expect 0 antin --at "$at" log verify

# The root: ML-DSA after P-256, with link certificates both ways; it certifies the issuing CAs of its kind, and no others.
expect 4 roll_over root ml-dsa-87
decide 5
expect 0 antin --at "$at" ca roll-over complete root-2
expect 4 roll_over government ml-dsa-65
decide 6
expect 0 antin --at "$at" ca roll-over complete government-3
openssl x509 -in "$out/ca/government-3.pem" -noout -text | grep -F 'Signature Algorithm: ML-DSA-87' >/dev/null || die "not certified by the new root"
cat "$out/ca/root-2-by-root.pem" "$out/ca/government-3.pem" >to_old.pem
cat "$out/ca/root-by-root-2.pem" "$out/ca/government.pem" >to_new.pem
expect 0 antin --at "$at" roster sample --rows 12 --seed 3 -o third.jsonl
sed -i "s/\"code\":\"/\"code\":\"R3-/; s/\"name\":\"[^\"]*\"/\"name\":\"đợt 3\"/" third.jsonl
expect 0 antin --at "$at" roster submit third.jsonl
for officer in officer-1 officer-2; do expect 0 antin --at "$at" roster approve third.jsonl --officer $officer; done
expect 0 antin --at "$at" roster issue third.jsonl
third=$(ids personal | grep '^government-3-' | head -1)
[ -n "$third" ] || die "the generation under the new root issued nothing"
antin --at "$at" cert export "$third" -o third.pem >/dev/null
verify -CAfile "$out/ca/root-2.pem" -untrusted "$out/ca/government-3.pem" third.pem || die "new under new: $(cat verified)"
verify -CAfile "$out/ca/root.pem" -untrusted to_old.pem third.pem || die "new under the old anchor: $(cat verified)"
verify -CAfile "$out/ca/root-2.pem" -untrusted to_new.pem "$organisation.pem" || die "old under the new anchor: $(cat verified)"
verify -CAfile "$out/ca/root.pem" -untrusted "$out/ca/government-3.pem" third.pem && die "new under the old anchor without a link"
for name in root root-2 government-3; do expect 0 antin --at "$at" crl verify $name; done
is "$(state_of root)" issuing "the root of P-256"
expect 0 antin --at "$at" log verify
