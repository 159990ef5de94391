# `antin cert revoke` with every reason of RFC 5280 that revokes, and with an invalidity date: the next list says so, as another program reads it.
source "$(dirname "$0")/home.sh"
approved_roster 30
expect 0 antin roster issue roster.jsonl
reasons=(unspecified keyCompromise cACompromise affiliationChanged superseded cessationOfOperation privilegeWithdrawn aACompromise)
words=('-' 'Key Compromise' 'CA Compromise' 'Affiliation Changed' 'Superseded' 'Cessation Of Operation' 'Privilege Withdrawn' 'AA Compromise')
mapfile -t ids < <(antin cert list --kind personal --issuer government --json | grep -o '"id":"[^"]*"' | cut -d'"' -f4)
[ ${#ids[@]} -ge 9 ] || die "too few persons: ${#ids[@]}"

# Nobody's wish: refused at once and by a dry run, and nothing is written.
expect 3 antin cert revoke "${ids[0]}" --reason keyCompromise
grep -q -- '--requested-by' last.err || { cat last.err; die "no hint at the body"; }
expect 3 antin cert revoke "${ids[0]}" --reason keyCompromise --dry-run
expect 2 antin cert revoke "${ids[0]}" --reason certificateHold --requested-by 000.00.90.H36
expect 3 antin cert suspend "${ids[0]}"
[ "$(antin cert list --status revoked --json)" = '[]' ] || die "revoked nevertheless"

since=2026-01-02T03:04:05Z
for i in "${!reasons[@]}"; do expect 0 antin cert revoke "${ids[i]}" --requested-by 000.00.90.H36 --reason "${reasons[i]}"; done
expect 0 antin cert revoke "${ids[8]}" --requested-by 000.00.90.H36 --reason keyCompromise --invalidity-date $since
expect 0 antin crl build
openssl crl -inform DER -in "$ANTIN_HOME/out/crl/government.crl" -noout -text >list
# entry SERIAL: reason and invalidity date of the serial's entry.
entry() {
  awk -v serial="$1" '/Serial Number:/ {sub(/^0+/, "", $3); mine = $3 == serial; if (mine) r = "-"} mine && /CRL Reason Code/ {getline; gsub(/^ +/, ""); r = $0} mine && /Invalidity Date/ {getline; gsub(/^ +/, ""); d = " since " $0} END {print r d}' list
}
for i in "${!reasons[@]}"; do
  serial=${ids[i]#government-}
  [ "$(entry "$serial")" = "${words[i]}" ] || { cat list; die "$serial: $(entry "$serial"), not ${words[i]}"; }
  antin cert show "${ids[i]}" --json | grep -q "\"reason\":\"${reasons[i]}\"" || die "${reasons[i]} is not shown"
done
[ "$(entry "${ids[8]#government-}")" = 'Key Compromise since Jan  2 03:04:05 2026 GMT' ] || { cat list; die "the invalidity date"; }
[ "$(grep -c 'Invalidity Date' list)" = 1 ] || die "invalidity dates that nobody gave"
antin cert show "${ids[8]}" --json | grep -q "\"invalidity_date\":\"$since\"" || { antin cert show "${ids[8]}" --json; die "the date is not shown"; }
expect 0 antin crl verify government
expect 0 antin log verify
