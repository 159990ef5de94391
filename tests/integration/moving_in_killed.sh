# `antin ca import complete`, killed at moments spread over everything that it writes (half of them: killed again on the way back), is
# finished by the next one: every certificate once, the list that takes over complete, log and store agree. ANTIN_KILL_RUNS / 5 moments.
source "$(dirname "$0")/killed.sh"
source "$scripts/old_authority.sh"
expect 0 antin init
printf '%s\n' "government-old = \"file:ca/pins/government-old.pin\"" >pin.line
sed -i '/^\[tokens\.ca\.pins\]/r pin.line' "$ANTIN_HOME/antin.toml"
(umask 077 && echo 48151623 >"$ANTIN_HOME/ca/pins/government-old.pin" && echo 90817263 >"$ANTIN_HOME/ca/pins/government-old.so.pin")
expect 0 antin token init government-old --in ca --so-pin file:ca/pins/government-old.so.pin
old_authority old 12
for serial in 1003 1004 1005; do old_ca old -revoke "newcerts/$serial.pem" -crl_reason superseded; done
old_ca old -revoke newcerts/1006.pem -crl_hold holdInstructionReject
rm old/newcerts/1005.pem
old_ca old -gencrl -out crl.pem

# The first act too: a key half in its token is made whole, and one proposal comes of it.
cp -r "$ANTIN_HOME" before
proposing=(ca import propose government-old old --key old/key.pem)
ANTIN_KILL_IN=$ANTIN_HOME ANTIN_KILL_LOG=propose.log LD_PRELOAD=$killer "$program" "${proposing[@]}" >last.out 2>last.err || [ $? = 4 ] || die "propose"
for at in $(points propose.log $((${ANTIN_KILL_RUNS:-100} / 10 + 1))); do
  rm -rf "$ANTIN_HOME" && cp -r before "$ANTIN_HOME"
  code=0
  ANTIN_KILL_AT=$at ANTIN_KILL_IN=$ANTIN_HOME ANTIN_KILL_LOG=$work/landed.log LD_PRELOAD=$killer "$program" "${proposing[@]}" >last.out 2>last.err || code=$?
  [ "$code" = 137 ] || [ "$code" = 4 ] || die "propose, to be killed at change $at, ended with $code"
  expect 4 antin "${proposing[@]}"
  [ "$(antin proposal list --json | grep -o '"kind":"issuer"' | wc -l)" = 1 ] || die "killed at change $at: not one proposal"
  expect 0 antin token doctor government-old --json
  grep -q '"keys":1' last.out || die "killed at change $at: not one key"
done
for officer in officer-1 officer-2; do expect 0 antin proposal approve 2 --officer $officer; done

rm -rf before && cp -r "$ANTIN_HOME" before
completing=(ca import complete government-old old)
changes_of all.log "${completing[@]}"
points all.log $((${ANTIN_KILL_RUNS:-100} / 5 + 1)) >points
total=$(wc -l <all.log)
echo "$(wc -l <points) of $total changes"
for at in $(cat points); do
  rm -rf "$ANTIN_HOME" && cp -r before "$ANTIN_HOME"
  killed_at "$at" "${completing[@]}"
  expect 0 antin log verify
  [ $((at % 2)) = 0 ] || killed_at $((1 + RANDOM % total)) "${completing[@]}"
  expect 0 antin "${completing[@]}"
  [ "$(antin cert list --issuer government-old --json | grep -o '"id":' | wc -l)" = 11 ] || die "$moment: certificates do not count up"
  expect 0 antin crl diff old/crl.pem "$ANTIN_HOME/out/crl/government-old.crl" --ca old/cacert.pem
  expect 0 antin log verify
  lists_are_recorded
done
enough_landed "$(($(wc -l <points) / 2))"
