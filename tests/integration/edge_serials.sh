# Serial numbers at the edges of their encoding (a high bit, a leading zero, one octet, twenty octets) through store, list, JSON and command
# line: issued by an `openssl ca`, moved in, revoked here, and told by our list as openssl tells them.
source "$(dirname "$0")/home.sh"
source "$(dirname "$0")/old_authority.sh"
expect 0 antin init
old_authority old 1
# As openssl writes them into names of files, and as we write them: no leading zero.
serials=(01 7F 80 00FF 0100 8000000000000000 00FFFFFFFFFFFFFFFF 7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF 4000000000000000000000000000000000000000)
declare -A taken
shown() { local text=${1#"${1%%[!0]*}"}; echo "$text"; }
for serial in "${serials[@]}"; do
  [ -z "${taken[$(shown "$serial")]:-}" ] || continue
  taken[$(shown "$serial")]=yes
  echo "$serial" >old/serial
  openssl req $curve -utf8 -keyout leaf.key -out old/leaf.csr -subj "/O=DỮ LIỆU GIẢ LẬP/CN=Số $serial" 2>/dev/null
  old_ca old -batch -in leaf.csr -notext -out last.pem
  openssl x509 -in old/last.pem -noout -serial >said
  [ "$(shown "$(cut -d= -f2 said)")" = "$(shown "$serial")" ] || die "openssl ca gave $(cat said), not $serial"
done
mv old/key.pem old.key
printf '%s\n' "government-old = \"file:ca/pins/government-old.pin\"" >pin.line
sed -i '/^\[tokens\.ca\.pins\]/r pin.line' "$ANTIN_HOME/antin.toml"
(umask 077 && echo 48151623 >"$ANTIN_HOME/ca/pins/government-old.pin")
SO=90817263 expect 0 antin token init government-old --in ca --so-pin env:SO
expect 4 antin ca import propose government-old old --key old.key --json
number=$(python3 -c 'import json; print(json.load(open("last.out"))["number"])')
for officer in officer-1 officer-2; do expect 0 antin proposal approve "$number" --officer $officer; done
expect 0 antin ca import complete government-old old

antin cert list --issuer government-old --json >list.json
for serial in "${!taken[@]}"; do
  grep -qF "\"serial\":\"$serial\"" list.json || die "the list of certificates has no serial $serial"
  expect 0 antin cert show "government-old-$serial" --json
  [ "$(python3 -c 'import json; print(json.load(open("last.out"))["serial"])')" = "$serial" ] || die "cert show says another serial than $serial"
  expect 0 antin cert show "$serial" --json
  expect 0 antin cert revoke "$serial" --requested-by 000.00.90.H36 --reason superseded
done
expect 0 antin crl build --issuer government-old
list=$ANTIN_HOME/out/crl/government-old.crl
expect 0 antin crl show "$list" --json
python3 -c 'import json; print("\n".join(sorted(one["serial"] for one in json.load(open("last.out"))["entries"])))' >ours
openssl crl -inform DER -in "$list" -noout -text | sed -n 's/^ *Serial Number: 0*//p' | sort >theirs
printf '%s\n' "${!taken[@]}" | sort >wanted
diff wanted ours >&2 || die "our list tells other serials"
diff wanted theirs >&2 || die "openssl reads other serials in our list"
expect 0 antin lint crl "$list"
expect 0 antin crl verify government-old

# Somebody else's reader: each is revoked, by path validation with the list.
openssl crl -in "$list" -inform DER -out list.pem
for file in old/newcerts/*.pem; do
  serial=$(shown "$(basename "$file" .pem)")
  [ -n "${taken[$serial]:-}" ] || continue
  openssl verify -crl_check -CAfile old/cacert.pem -CRLfile list.pem "$file" >verified 2>&1 && die "openssl does not find serial $serial in our list"
  grep -q 'certificate revoked' verified || { cat verified >&2; die "serial $serial: refused for another reason"; }
done
# The files of an export have the names that openssl gives them, and its index the same digits.
expect 0 antin export --all -o left
for file in old/newcerts/*.pem; do [ -e "left/government-old/certs/$(basename "$file")" ] || die "the export has no $(basename "$file")"; done
cut -f4 old/index.txt | sort >there
cut -f4 left/government-old/index.txt | sort | diff there - >&2 || die "the index has other serials"
expect 0 antin log verify
