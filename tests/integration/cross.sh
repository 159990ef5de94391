# Cross certificates: our root certifies the root of a neighbour that openssl plays, by decision of officers, for the neighbour's names alone.
# What the neighbour issued holds under our root for openssl as for us within those names, and not outside them, nor once the cross
# certificate is revoked; it is published beside the CAs' certificates and is no issuer and no anchor of ours; and whoever has the root's key
# but no officer's token makes none that the audit accepts. Then by a ceremony file, from a request, with a signed transcript.
source "$(dirname "$0")/home.sh"
samples=$(realpath "$2") schema=$(realpath "$3")
soon() { date -u -d "$1" +%Y-%m-%dT%H:%M:%SZ; }
decide() { for officer in officer-1 officer-2; do expect 0 antin proposal approve "$1" --officer $officer; done; }
value() { python3 -c 'import json,sys; print(eval(sys.argv[2], {"v": json.load(open(sys.argv[1]))}))' "$@"; }
is() { [ "$1" = "$2" ] || die "${3:-}: $1, not $2"; }
sum() { sha256sum "$1" | cut -d' ' -f1; }

# ---- The neighbour: a root, an issuing CA below it, and subscribers with names of its own and of ours.
mkdir neighbour
cd neighbour
cat >cnf <<'CNF'
[req]
distinguished_name = dn
prompt = no
utf8 = yes
string_mask = utf8only
[dn]
C = VN
O = $ENV::ORGANISATION
CN = $ENV::NAME
[root]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
[below]
basicConstraints = critical,CA:TRUE,pathlen:0
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid:always
[person]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature,nonRepudiation
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid:always
subjectAltName = email:$ENV::MAIL
[ca]
default_ca = one
[one]
database = index.txt
crlnumber = crlnumber
default_md = sha256
default_crl_days = 30
CNF
export ORGANISATION="TỈNH BẠN (DỮ LIỆU GIẢ LẬP)" NAME=none MAIL=none@tinhban.test
key() { openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1.key" 2>/dev/null; }
# signed NAME EXTENSIONS CA: of $ORGANISATION, $NAME, $MAIL.
signed() {
  key "$1"
  openssl req -new -config cnf -key "$1.key" -out "$1.csr"
  openssl x509 -req -in "$1.csr" -CA "$3.pem" -CAkey "$3.key" -days 700 -extfile cnf -extensions "$2" -out "$1.pem" 2>/dev/null || die "openssl x509 $1"
}
key root
NAME="CA gốc Tỉnh Bạn" openssl req -new -x509 -config cnf -extensions root -key root.key -days 3000 -out root.pem
NAME="CA Tỉnh Bạn" signed below below root
NAME="Người Bạn" MAIL=ban@tinhban.test signed person person below
NAME="Người Lạ" MAIL=ban@lamdong.test signed our_mail person below
ORGANISATION="ỦY BAN NHÂN DÂN TỈNH LÂM ĐỒNG (DỮ LIỆU GIẢ LẬP)" NAME="Người Lạ" MAIL=ban@tinhban.test signed our_name person below
: >index.txt
echo 01 >crlnumber
for ca in root below; do
  openssl ca -config cnf -gencrl -keyfile $ca.key -cert $ca.pem -out $ca.crl 2>/dev/null || die "openssl ca -gencrl"
done
cd ..
theirs=$(openssl x509 -in neighbour/root.pem -outform DER | sha256sum | cut -d' ' -f1)

# ---- Proposed: with the fingerprint that was compared, within their life and ours, and never without a limit or a word.
expect 0 antin init
until=$(soon '+3 years')
asked=(ca cross propose cross-tinhban --certificate neighbour/root.pem --path-length 1 --policy 2.5.29.32.0)
propose=("${asked[@]}" --until "$until")
limits=(--permit 'directory:["C=VN","O=TỈNH BẠN (DỮ LIỆU GIẢ LẬP)"]' --permit mail:tinhban.test --permit dns:tinhban.test --exclude dns:mat.tinhban.test)
expect 3 antin "${propose[@]}" "${limits[@]}" --sha256 "$(sum neighbour/root.pem)"
expect 3 antin "${propose[@]}" --sha256 "$theirs"
grep -F 'a sentence says why' last.err >/dev/null || die "that a limit is missing is not said: $(cat last.err)"
expect 3 antin "${propose[@]}" --sha256 "$theirs" "${limits[@]}" --by party
expect 3 antin "${asked[@]}" --sha256 "$theirs" "${limits[@]}" --until "$(soon '+9 years')"
grep -F "outlive the other authority's certificate" last.err >/dev/null || die "that it is too long is not said: $(cat last.err)"
expect 3 antin ca cross propose cross-leaf --certificate neighbour/person.pem --sha256 "$(openssl x509 -in neighbour/person.pem -outform DER | sha256sum | cut -d' ' -f1)" \
  --until "$(soon '+1 year')" --path-length 0 --policy 2.5.29.32.0 "${limits[@]}"
expect 1 antin "${propose[@]}" --sha256 "$theirs" --permit 'uri:tinhban.test'
expect 0 antin "${propose[@]}" --sha256 "$theirs" "${limits[@]}" --dry-run --json
is "$(value last.out 'v["permitted"]["mail"]')" "['tinhban.test']" "permitted"
is "$(antin proposal list --json | grep -o '"kind":"cross"' | wc -l)" 0 "proposals after a dry run"
fingerprint=$(openssl x509 -in neighbour/root.pem -noout -fingerprint -sha256 | cut -d= -f2)
expect 4 antin "${propose[@]}" --sha256 "$fingerprint" "${limits[@]}"
expect 4 antin "${propose[@]}" --sha256 "$theirs" "${limits[@]}" --json
is "$(antin proposal list --json | grep -o '"kind":"cross"' | wc -l)" 1 "proposals"
expect 4 antin ca cross complete cross-tinhban
expect 0 antin proposal approve 2 --officer officer-1
expect 4 antin ca cross complete cross-tinhban
is "$(antin cert list --kind cross --json)" '[]' "made before the decision"
expect 0 antin proposal show 2 --lang vi
grep -F 'chứng thư chéo cross-tinhban' last.out >/dev/null || die "the proposal is not told: $(cat last.out)"

cp -r "$ANTIN_HOME" undecided
expect 0 antin proposal approve 2 --officer officer-2
expect 0 antin ca cross list --json
is "$(value last.out '[(one["name"], one["state"], one["issued_by"]) for one in v]')" "[('cross-tinhban', 'decided', 'root')]" "decided"

# ---- Made and published, once.
expect 0 antin ca cross complete cross-tinhban
expect 0 antin ca cross complete cross-tinhban --json
is "$(value last.out 'v["created"]')" False "created again"
out=$ANTIN_HOME/out cross=$ANTIN_HOME/out/ca/cross-tinhban.pem
is "$(antin cert list --kind cross --json | grep -o '"id"' | wc -l)" 1 "cross certificates"
expect 0 antin ca list --json
grep -F cross last.out && die "it is listed as an issuer"
expect 0 antin ca cross list
grep -F 'permits only the names: directory:' last.out >/dev/null || die "the limits are not listed: $(cat last.out)"
openssl x509 -in "$cross" -noout -text >cross.txt
for words in 'X509v3 Name Constraints: critical' 'email:tinhban.test' 'DNS:mat.tinhban.test' 'CA:TRUE, pathlen:1' '/v1/crl/root' '/v1/ca/root' 'X509v3 Any Policy'; do
  grep -F "$words" cross.txt >/dev/null || { cat cross.txt >&2; die "it does not say: $words"; }
done
is "$(openssl x509 -in "$cross" -noout -subject)" "$(openssl x509 -in neighbour/root.pem -noout -subject)" "subject"
is "$(openssl x509 -in "$cross" -noout -pubkey)" "$(openssl x509 -in neighbour/root.pem -noout -pubkey)" "key"
is "$(openssl x509 -in "$cross" -noout -ext subjectKeyIdentifier | tail -1)" "$(openssl x509 -in neighbour/root.pem -noout -ext subjectKeyIdentifier | tail -1)" "key id"
expect 0 antin lint cert "$cross"
expect 0 antin log verify

# ---- Paths: under our root alone, for openssl and for us.
cat "$cross" neighbour/below.pem >helpers.pem
verify() { openssl verify -x509_strict -CAfile "$out/ca/root.pem" -untrusted helpers.pem "neighbour/$1.pem" >verified 2>&1; }
verify person || die "their subscriber is refused: $(cat verified)"
for one in our_mail our_name; do
  verify $one && die "$one is within the names"
  grep -F 'permitted subtree violation' verified >/dev/null || die "$one: refused for another reason: $(cat verified)"
done
openssl verify -CAfile "$out/ca/root.pem" -untrusted neighbour/below.pem neighbour/person.pem >/dev/null 2>&1 && die "a path without the cross certificate"
mkdir trust
refresh() {
  cp "$out"/ca/*.pem "$out"/crl/*.crl neighbour/below.pem trust/
  for ca in root below; do cp neighbour/$ca.crl trust/neighbour-$ca.crl; done
}
refresh
printf 'a letter\n' >letter.txt
for one in person our_mail our_name; do
  openssl cms -sign -cades -binary -in letter.txt -signer neighbour/$one.pem -inkey neighbour/$one.key -outform DER -out $one.p7s
done
expect 0 antin verify person.p7s --detached letter.txt --trust trust
expect 3 antin verify our_mail.p7s --detached letter.txt --trust trust
expect 3 antin verify our_name.p7s --detached letter.txt --trust trust
mv trust/cross-tinhban.pem .
expect 3 antin verify person.p7s --detached letter.txt --trust trust
mv cross-tinhban.pem trust

# ---- Revoked as others are: on the root's list, after which nothing of theirs holds here.
id=$(antin cert list --kind cross --json | grep -o '"id":"[^"]*"' | cut -d'"' -f4)
expect 0 antin cert revoke "$id" --reason cACompromise --remark "khóa bên kia lộ"
expect 0 antin crl build
openssl crl -inform DER -in "$out/crl/root.crl" -noout -text | grep -iF "$(openssl x509 -in "$cross" -noout -serial | cut -d= -f2)" >/dev/null || die "not on the root's list"
refresh
expect 3 antin verify person.p7s --detached letter.txt --trust trust
expect 0 antin ca cross list --json
is "$(value last.out 'v[0]["state"]')" revoked "state"
expect 0 antin log verify
expect 0 antin export --all -o everything
grep -F "$(openssl x509 -in "$cross" -noout -serial | cut -d= -f2)" everything/root/index.txt >/dev/null || die "not in the root's index"

# ---- With one approval it waits, also for whoever has the root's token.
(
  export ANTIN_HOME=$work/undecided
  expect 0 antin log verify
  expect 4 antin ca cross complete cross-tinhban
  [ ! -e "$ANTIN_HOME/out/ca/cross-tinhban.pem" ] || die "published with one approval"
)

# ---- Their half, signed by a second home of ours: it leads who trusts them to our subscribers; here it is a file beside ours, and no anchor.
mkdir ceremonies
cp "$samples"/root.toml "$samples"/party.toml "$samples"/government.toml ceremonies
sed -i 's/CA THỬ NGHIỆM/CA HÀNG XÓM/; s/"rsa-[0-9]*"/"p256"/; s/"p384"/"p256"/' ceremonies/*.toml
ours=$out/ca/root.pem
(
  export ANTIN_HOME=$work/second
  for name in root party government; do expect 0 antin ceremony run ceremonies/$name.toml --sha256 "$(sum ceremonies/$name.toml)"; done
  expect 4 antin ca cross propose cross-lamdong --certificate "$ours" --sha256 "$(openssl x509 -in "$ours" -outform DER | sha256sum | cut -d' ' -f1)" \
    --until "$until" --path-length 1 --policy 2.5.29.32.0 --exclude dns:tinhban.test --exclude 'directory:["C=VN","O=TỈNH BẠN (DỮ LIỆU GIẢ LẬP)"]'
  decide 2
  expect 0 antin ca cross complete cross-lamdong
  expect 0 antin log verify
)
theirs_for_us=second/out/ca/cross-lamdong.pem
expect 0 antin cert export officer-1 -o officer.pem
cat "$theirs_for_us" "$out/ca/government.pem" >helpers.pem
openssl verify -x509_strict -CAfile second/out/ca/root.pem -untrusted helpers.pem officer.pem >/dev/null || die "our officer under their root"
expect 3 antin ca cross publish neighbour neighbour/below.pem
expect 3 antin ca cross publish neighbour "$cross"
expect 2 antin ca cross publish party "$theirs_for_us"
expect 0 antin ca cross publish neighbour "$theirs_for_us" --json
is "$(value last.out 'v["issuer"]')" root "whose it is"
cmp "$theirs_for_us" "$out/ca/root-by-neighbour.pem"
expect 0 antin sign letter.txt --signer document-service -o ours.p7s
expect 0 antin verify ours.p7s --detached letter.txt
for name in root party government; do expect 0 antin crl verify $name; done
expect 0 antin log verify

# ---- By a reviewed file, from a request: in words, handed in, waited for, completed, and in a signed transcript.
cp "$samples/cross-neighbour.toml" "$samples/neighbour.pem" .
expect 0 antin ceremony check cross-neighbour.toml --lang vi
grep -F 'chỉ cho phép tên: directory:' last.out >/dev/null || die "the sample's limits are not told: $(cat last.out)"
NAME="CA gốc Huyện Bạn" ORGANISATION="HUYỆN BẠN (DỮ LIỆU GIẢ LẬP)"
export NAME ORGANISATION
(cd neighbour && key request && openssl req -new -config cnf -key request.key -out ../huyenban.csr)
digest=$(openssl req -in huyenban.csr -outform DER | sha256sum | cut -d' ' -f1)
sed -e 's/cross-neighbour/cross-huyenban/; s/^certificate = .*/request = "huyenban.csr"/; s/TỈNH BẠN/HUYỆN BẠN/' -e "s/^sha256 = .*/sha256 = \"$digest\"/; s/^until = .*/until = \"$(soon '+4 years')\"/" \
  cross-neighbour.toml >cross-huyenban.toml
run() { antin ceremony run "$1" --sha256 "$(sum "$1")"; }
expect 3 antin ceremony run cross-huyenban.toml --sha256 "$(sum cross-neighbour.toml)"
sed 's/^path_length = 1/path_length = 1\nunconstrained = "tin nhau"/' cross-huyenban.toml >both.toml
expect 3 antin ceremony check both.toml
expect 4 run cross-huyenban.toml
expect 4 run cross-huyenban.toml
is "$(antin proposal list --json | grep -o '"kind":"cross"' | wc -l)" 2 "proposals"
sed 's/tinhban.test"\]/khac.test"]/' cross-huyenban.toml >other.toml
expect 3 run other.toml
decide 3
expect 4 run cross-huyenban.toml
grep -F 'ca cross complete cross-huyenban' last.out >/dev/null || die "what completes it is not said: $(cat last.out)"
expect 0 antin ca cross complete cross-huyenban
expect 0 run cross-huyenban.toml
transcript=$ANTIN_HOME/ceremonies/cross-huyenban.json
is "$(value "$transcript" '[s["act"] for s in v["steps"]]')" "['other', 'proposal', 'certificate']" "steps"
is "$(value "$transcript" 'v["steps"][0]["sha256"]')" "$digest" "the other authority's file"
"$schema" ceremony-transcript.schema.json <"$transcript" || die "it does not fit its schema"
expect 4 antin ceremony verify cross-huyenban
for officer in officer-1 officer-2; do expect 0 antin ceremony sign cross-huyenban --officer $officer; done
expect 0 antin ceremony verify cross-huyenban --json
expect 0 antin ceremony print cross-huyenban -o page.pdf --lang vi
pdftotext -layout page.pdf - | tr -s ' \n' ' ' | grep -F 'cơ quan được chứng thực chéo' >/dev/null || die "the page does not name the other authority"
cp "$out/ca/root.pem" "$out/ca/cross-huyenban.pem"
expect 3 antin ceremony verify cross-huyenban
expect 0 antin ca cross complete cross-huyenban
expect 0 antin ceremony verify cross-huyenban
expect 0 antin log verify
