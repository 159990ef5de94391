# A token and a key are named by label or by an RFC 7512 URI, on the command line and in antin.toml; what a URI says is matched.
source "$(dirname "$0")/home.sh"
expect 0 antin init
expect 0 antin roster sample --rows 12 -o roster.jsonl
expect 0 antin roster submit roster.jsonl
for officer in officer-1 officer-2; do expect 0 antin roster approve roster.jsonl --officer $officer; done
expect 0 antin roster issue roster.jsonl
expect 0 antin crl build
field() { python3 -c 'import json,sys; print([t for t in json.load(open("tokens.json")) if t["label"] == sys.argv[1]][0][sys.argv[2]])' "$@"; }
refused() {  # refused CODE TEXT COMMAND…
  local code=$1 text=$2
  shift 2
  expect "$code" "$@"
  grep -q -- "$text" last.err || { cat last.err >&2; die "not said: $text"; }
}
antin token list --json >tokens.json
uri=$(field seals uri) serial=$(field seals serial)

# What `token list` and `token keygen` print can be pasted.
expect 0 antin token keygen "$uri" k1 --json
key=$(python3 -c 'import json; print(json.load(open("last.out"))["uri"])')
expect 0 antin token bench "$uri" k1 --seconds 1
expect 0 antin token bench "$key" --seconds 1
expect 0 antin token bench seals k1 --seconds 1
expect 0 antin token bench "pkcs11:serial=$serial" k1 --seconds 1
expect 0 antin token doctor "$uri" --json
grep -q '"label":"seals"' last.out || die "doctor examined another token"
expect 0 antin token doctor seals
full="pkcs11:model=SoftHSM%20v2;manufacturer=SoftHSM%20project;serial=$serial;token=seals;object=k1;type=private"
expect 0 antin token bench "$full" --seconds 1
refused 5 'is not there' antin token bench "${full/SoftHSM%20v2/another}" --seconds 1
refused 5 'is not there' antin token bench "${full/SoftHSM%20project/another}" --seconds 1
refused 5 "seals with serial $serial" antin token bench "pkcs11:token=seals;serial=0" k1 --seconds 1
refused 1 'type=cert' antin token bench "${full/private/cert}" --seconds 1
refused 1 'see `antin token list`' antin token doctor nowhere

# A label that must be escaped in a URI, and a token that the configuration names by URI.
config=$ANTIN_HOME/antin.toml
printf '"tủ số 1; a=b/%%" = "env:CABINET"\n' >>"$config"
export CABINET=4711-0815 OFFICER=0000-1111
expect 0 antin token init 'tủ số 1; a=b/%' --so-pin env:OFFICER
expect 0 antin token keygen 'tủ số 1; a=b/%' 'khóa 1'
expect 0 antin token bench 'tủ số 1; a=b/%' 'khóa 1' --seconds 1
antin token list --json >tokens.json
expect 0 antin token bench "$(field 'tủ số 1; a=b/%' uri)" 'khóa 1' --seconds 1
sed -i "s|^\"tủ.*|\"$(field 'tủ số 1; a=b/%' uri)\" = \"env:CABINET\"|; s|^\"seals\" = |\"$uri\" = |" "$config"
expect 0 antin token bench 'tủ số 1; a=b/%' 'khóa 1' --seconds 1
expect 0 antin token bench seals k1 --seconds 1
expect 0 antin token doctor
echo text >file.txt
expect 0 antin sign file.txt --signer 930.91.90.H36 --format cades -o file.p7s

# Keys of issued certificates are stored with the token's serial: another token of the same label is not taken for it, unless the
# configuration says that the keys were restored there.
token_object=$(grep -l "$serial" "$ANTIN_HOME"/service/tokens/*/token.object)
sed -i "s/$serial/0123456789abcdef/" "$token_object"
sed -i "s|^\"pkcs11:token=seals.*\" = |\"seals\" = |" "$config"
refused 5 "\"$serial\" = \"0123456789abcdef\"" antin sign file.txt --signer 930.91.90.H36 --format cades -o again.p7s
printf '\n[tokens.service.restored]\n"%s" = "0123456789abcdef"\n' "$serial" >>"$config"
expect 0 antin sign file.txt --signer 930.91.90.H36 --format cades -o again.p7s
