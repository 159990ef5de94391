# Roles and profiles are decided by officers: a person is given a role, other policies come into force, and what is issued afterwards follows
# them; one officer alone decides nothing, and the log is accepted by its audit.
source "$(dirname "$0")/home.sh"
approved_roster 12
expect 0 antin role list
expect 4 antin role grant auditor officer-1 --remark "thử"
expect 0 antin proposal approve 2 --officer officer-1
expect 0 antin proposal show 2
antin proposal list --json >list
grep '"in_force":false' list >/dev/null || die "one officer alone decided"
before=$(antin log show --json | grep -o '"type":"proposal.approve"' | wc -l)
antin proposal approve 2 --officer officer-1 2>again && die "an officer approved twice"
grep -F "approved this already" again >/dev/null || die "the second approval is not named: $(cat again)"
[ "$(antin log show --json | grep -o '"type":"proposal.approve"' | wc -l)" = "$before" ] || die "a refused approval was recorded"
expect 0 antin proposal approve 2 --officer officer-2
[ "$(antin role list --json | grep -o '"role":"auditor"' | wc -l)" = 1 ] || die "the role was not given"
# Two officers must remain.
antin role withdraw officer officer-1 2>few && die "an officer was to be withdrawn though none could take the place"
grep -F "fewer officers would remain" few >/dev/null || die "not named: $(cat few)"

# Policies of the configuration have no effect before officers approved them.
printf '\n[policies]\npersonal = ["1.3.6.1.4.1.32473.9.2"]\n' >>"$ANTIN_HOME/antin.toml"
antin profile list >profiles
grep -F "other profiles than those in force" profiles >/dev/null || die "a configuration that asks for other profiles is not named"
expect 4 antin profile propose
expect 0 antin proposal approve 3 --officer officer-1
antin profile explain personal >explained
grep -F 32473.9.2 explained >/dev/null && die "one officer alone put profiles in force"
expect 0 antin proposal approve 3 --officer officer-2
antin profile explain personal >explained
grep -F 32473.9.2 explained >/dev/null || die "the profiles that officers approved are not in force"
expect 0 antin roster issue roster.jsonl
expect 0 antin crl build
expect 0 antin export --all -o out
found=$(for file in $(find out -name '*.pem'); do openssl x509 -in "$file" -noout -ext certificatePolicies 2>/dev/null; done | grep -c '1.3.6.1.4.1.32473.9.2' || true)
wanted=$(grep -cE '"kind": ?"personal"' roster.jsonl)
[ "$found" = "$wanted" ] || die "$found certificates of persons have the policy, not $wanted"
expect 0 antin log verify

# A profile of the home's own, changed under the same version, is refused.
mkdir -p "$ANTIN_HOME/profiles"
antin profile show personal | sed -n '/^{/,$p' | sed 's/"years": 5/"years": 3/' >"$ANTIN_HOME/profiles/personal.json"
antin profile propose 2>same && die "a changed profile kept its version"
grep -F "give it the next number" same >/dev/null || die "not named: $(cat same)"
expect 0 antin log verify
