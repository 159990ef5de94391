# Roll-over: an issuing CA and the root get new keys of other algorithms, decided by officers, each from its date. The old generations go on
# signing their lists; chains hold from the new keys to the old anchor and from the old ones to the new anchor, for openssl as for us; and
# whoever has the machine but no officer's token adds no issuer that the audit accepts.
source "$(dirname "$0")/home.sh"
soon() { date -u -d "$1" +%Y-%m-%dT%H:%M:%SZ; }
decide() { for officer in officer-1 officer-2; do expect 0 antin proposal approve "$1" --officer $officer; done; }
state_of() { antin --at "${at:-$(soon now)}" ca list --json | tr '{' '\n' | grep "\"name\":\"$1\"" | grep -o '"state":"[a-z]*"' | cut -d'"' -f4; }
is() { [ "$1" = "$2" ] || die "${3:-}: $1, not $2"; }
# issued N: a roster of N rows with new subscribers, issued at $at; the ids are in issued.ids.
round=0
ids() { antin --at "$at" cert list --json | tr '{' '\n' | grep -E '"kind":"(personal|organisation)"' | grep -o '"id":"[^"]*"' | cut -d'"' -f4 | sort || true; }
issued() {
  round=$((round + 1))
  ids >before.ids
  expect 0 antin roster sample --rows "$1" --seed $round -o roster-$round.jsonl
  sed -i "s/\"code\":\"/\"code\":\"R$round-/; s/\"name\":\"[^\"]*\"/\"name\":\"đợt $round\"/" roster-$round.jsonl
  expect 0 antin --at "$at" roster submit roster-$round.jsonl
  for officer in officer-1 officer-2; do expect 0 antin --at "$at" roster approve roster-$round.jsonl --officer $officer; done
  expect 0 antin --at "$at" roster issue roster-$round.jsonl
  ids >after.ids
  comm -13 before.ids after.ids >issued.ids
}
# pem ID FILE
pem() { antin --at "$at" cert export "$1" -o "$2" >/dev/null || die "no certificate $1"; }

expect 0 antin init
at=$(soon now)
issued 12
first_party=$(grep '^party-' issued.ids | head -1) first_government=$(grep '^government-' issued.ids | head -1)
[ -n "$first_party" ] && [ -n "$first_government" ] || die "the sample has not both blocs: $(cat issued.ids)"

# The key is made and put before the officers; asked again it is the same proposal, and nothing is done before they decided.
from=$(soon '+10 days')
expect 4 antin ca roll-over propose party --key p384 --from "$from" --remark "khóa cũ sắp hết hạn"
expect 4 antin ca roll-over propose party --key p384 --from "$from" --remark "khóa cũ sắp hết hạn"
is "$(antin proposal list --json | grep -o '"kind":"issuer"' | wc -l)" 1 "proposals"
expect 4 antin ca roll-over complete party-2
expect 0 antin proposal approve 2 --officer officer-1
expect 4 antin ca roll-over complete party-2
expect 0 antin proposal approve 2 --officer officer-2
is "$(state_of party-2)" decided
expect 0 antin ca roll-over complete party-2
expect 0 antin ca roll-over complete party-2
is "$(state_of party-2)" waiting
is "$(state_of party)" issuing
out=$ANTIN_HOME/out
openssl verify -x509_strict -CAfile "$out/ca/root.pem" "$out/ca/party-2.pem" >/dev/null || die "the new issuing CA does not chain to the root"
[ "$(openssl x509 -in "$out/ca/party.pem" -noout -subject)" = "$(openssl x509 -in "$out/ca/party-2.pem" -noout -subject)" ] || die "another subject"
expect 0 antin crl verify party-2
expect 0 antin log verify

# Until its date the old key issues, from then on the new one; the other bloc is as it was.
at=$(soon '+10 days -1 min')
issued 12
grep '^party-2-' issued.ids && die "the new generation issued before its date"
at=$(soon '+10 days +1 hour')
issued 12
is "$(state_of party)" lists
grep -E '^party-[0-9A-F]{16}' issued.ids && die "the old generation issued after the date of the new one"
new_party=$(grep '^party-2-' issued.ids | head -1)
[ -n "$new_party" ] || die "the new generation issued nothing"
grep '^government-' issued.ids >/dev/null || die "the other bloc issued nothing"
pem "$first_party" first_party.pem
pem "$new_party" new_party.pem
openssl x509 -in new_party.pem -noout -ext crlDistributionPoints | grep -F /v1/crl/party-2 >/dev/null || die "the list of the generation is not named"
openssl x509 -in new_party.pem -noout -text | grep -F 'ecdsa-with-SHA384' >/dev/null || die "not signed with the new algorithm"

# Revocations go on the list of the generation that issued, and each list is one of its own key.
expect 0 antin --at "$at" cert revoke "$first_party" --requested-by 000.00.90.H36 --reason superseded
expect 0 antin --at "$at" cert revoke "$new_party" --requested-by 000.00.90.H36 --reason superseded
expect 0 antin --at "$at" crl build
serial() { openssl x509 -in "$1" -noout -serial | cut -d= -f2; }
listed() { openssl crl -inform DER -in "$out/crl/$1.crl" -noout -text | grep -ic "$(serial "$2")" || true; }
is "$(listed party first_party.pem)$(listed party new_party.pem)" 10 "the old list"
is "$(listed party-2 first_party.pem)$(listed party-2 new_party.pem)" 01 "the new list"
for name in root party party-2 government; do
  expect 0 antin --at "$at" crl verify $name
  openssl crl -inform DER -in "$out/crl/$name.crl" -CAfile "$out/ca/$name.pem" -noout 2>verified || true
  grep -F 'verify OK' verified >/dev/null || die "openssl on the list of $name: $(cat verified)"
done
expect 0 antin --at "$at" log verify

# The root: RSA after P-256, with link certificates both ways; then an issuing CA under the new root.
expect 4 antin --at "$at" ca roll-over propose root --key rsa-3072 --from "$at"
for officer in officer-1 officer-2; do expect 0 antin --at "$at" proposal approve 3 --officer $officer; done
expect 0 antin --at "$at" ca roll-over complete root-2
is "$(state_of root-2)" issuing
expect 4 antin --at "$at" ca roll-over propose government --key p384 --from "$at"
for officer in officer-1 officer-2; do expect 0 antin --at "$at" proposal approve 4 --officer $officer; done
expect 0 antin --at "$at" ca roll-over complete government-2
at=$(soon '+10 days +2 hours')
issued 12
new_government=$(grep '^government-2-' issued.ids | head -1)
[ -n "$new_government" ] || die "the new generation of the other bloc issued nothing"
pem "$first_government" first_government.pem
pem "$new_government" new_government.pem
then=$(date -u -d '+10 days +3 hours' +%s)
verify() { openssl verify -attime "$then" -x509_strict "$@" >verified 2>&1; }
cat "$out/ca/root-2-by-root.pem" "$out/ca/government-2.pem" >to_old.pem
cat "$out/ca/root-by-root-2.pem" "$out/ca/government.pem" >to_new.pem
verify -CAfile "$out/ca/root-2.pem" -untrusted "$out/ca/government-2.pem" new_government.pem || die "new under new: $(cat verified)"
verify -CAfile "$out/ca/root.pem" -untrusted to_old.pem new_government.pem || die "new under the old anchor: $(cat verified)"
verify -CAfile "$out/ca/root-2.pem" -untrusted to_new.pem first_government.pem || die "old under the new anchor: $(cat verified)"
verify -CAfile "$out/ca/root.pem" -untrusted "$out/ca/government-2.pem" new_government.pem && die "new under the old anchor without a link"
verify -CAfile "$out/ca/root-2.pem" -untrusted "$out/ca/government.pem" first_government.pem && die "old under the new anchor without a link"
for name in root root-2 government-2; do expect 0 antin --at "$at" crl verify $name; done
expect 0 antin --at "$at" log verify

# Who takes over can: each generation has an index and a list of its own.
expect 0 antin --at "$at" export --all -o everything
for name in root root-2 party party-2 government government-2; do
  openssl x509 -in "everything/$name/ca.pem" -noout -subject >/dev/null || die "the export has no certificate of $name"
done
grep -F "$(serial new_government.pem)" everything/government-2/index.txt >/dev/null || die "not in the index of its generation"
grep -F "$(serial new_government.pem)" everything/government/index.txt && die "in the index of the generation before"

# Without officers: a fact of the store or an entry of the log makes no issuer.
cp -r "$ANTIN_HOME" rogue
expect 4 antin --at "$at" ca roll-over propose government --key p256 --from "$at"
cp -r "$ANTIN_HOME" proposed
ANTIN_HOME=$work/proposed expect 4 antin --at "$at" ca roll-over complete government-3
sqlite3 rogue/store/antin.sqlite "UPDATE fact SET value = value || ' government-3' WHERE name = 'issuers.in_service'" || die "the fact is not called so"
ANTIN_HOME=$work/rogue antin --at "$at" log verify >/dev/null 2>&1 && die "an issuer that nobody decided on was accepted"
sqlite3 "$ANTIN_HOME/store/antin.sqlite" "UPDATE fact SET value = replace(value, ' government-2', '') WHERE name = 'issuers.in_service'"
antin --at "$at" log verify >/dev/null 2>last.err && die "an issuer that was taken out of service was not missed"
grep -F government-2 last.err >/dev/null || die "not named: $(cat last.err)"
