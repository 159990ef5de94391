# A tray of tokens is personalised: keys made inside, approved by officers, certificates written back, PIN letters printed once; then
# one is unblocked, one recycled, one lost. p11tool, softhsm2-util and poppler look at what came of it.
source "$(dirname "$0")/home.sh"

list() { antin token list --personal --json; }
# of LABEL-PREFIX MEMBER
of() { list | python3 -c 'import json,sys; print([t for t in json.load(sys.stdin) if t["subscriber"] == sys.argv[1]][-1][sys.argv[2]])' "$1" "$2"; }
count() { python3 -c 'import json,sys; print(json.load(open("last.out"))[sys.argv[1]])' "$1"; }
# The PIN of a letter, as a person reads it.
pin_of() { pdftotext -layout "$1" - | sed -n 's/^ *\([0-9]\{4\}\) *\([0-9]\{4\}\) *$/\1\2/p'; }
p11() { SOFTHSM2_CONF=$ANTIN_HOME/subscribers/softhsm2.conf "$@"; }
module=${SOFTHSM2_MODULE:-$(ls /usr/lib/softhsm/libsofthsm2.so /usr/lib/*/softhsm/libsofthsm2.so 2>/dev/null | head -1)}

person() {
  printf '{"row":%d,"code":"CB-%d","kind":"personal","bloc":"government","profile":"personal","key":"token","key_spec":"%s","fields":{"cn":"K'"'"'Brêu Thử %d","o":"ỦY BAN NHÂN DÂN TỈNH LÂM ĐỒNG (DỮ LIỆU GIẢ LẬP)","ou":"SỞ NỘI VỤ","mail":"cb%d@lamdong.test"}}\n' "$1" "$1" "${2:-ec-p256}" "$1" "$1"
}
{ echo '{"format":"antin-roster-1","name":"Khay thử","requested_by":"000.00.90.H36"}'; for i in 1 2 3 4; do person $i; done; person 5 rsa-2048; } >list.jsonl

expect 0 antin init
# Without officers who could unblock it, no token is begun.
expect 3 antin token personalise list.jsonl -o roster.jsonl
grep -q 'antin backup officers' last.err || die "what to do first"
[ "$(list)" = '[]' ] || die "begun without escrow"
expect 0 antin backup officers
expect 0 antin token personalise list.jsonl -o roster.jsonl --dry-run
[ "$(list)" = '[]' ] && [ ! -e roster.jsonl ] || die "a dry run wrote"
sed 's/"key":"token","key_spec":"[^"]*"/"key":"csr","csr":"MAA="/' list.jsonl >csr.jsonl
expect 1 antin token personalise csr.jsonl -o roster.jsonl

# ---- Keys are made inside; one request a row.
expect 0 antin token personalise list.jsonl -o roster.jsonl --json
[ "$(count made)" = 5 ] || { cat last.out; die "not five keys"; }
cp roster.jsonl first.jsonl
expect 0 antin token personalise list.jsonl -o roster.jsonl --json
[ "$(count made)" = 0 ] && [ "$(count made_before)" = 5 ] || { cat last.out; die "made again"; }
cmp -s first.jsonl roster.jsonl || die "the same list gave another roster"
[ "$(stat -c %a "$ANTIN_HOME/personal")" = 700 ] || die "others may look into personal/"
[ -z "$(find "$ANTIN_HOME/personal" -name '*.pin' ! -perm 600)" ] || die "others may read a PIN"
[ "$(ls "$ANTIN_HOME"/personal/*.so.pin | wc -l)" = 5 ] || die "not five officers' PINs"
expect 0 antin log verify

# ---- Nobody gets a certificate without the officers.
expect 4 antin token finish -o letters --json
[ "$(count without_certificate)" = 5 ] && [ ! -e letters ] || { cat last.out; die "a letter without a certificate"; }
expect 0 antin roster check roster.jsonl
expect 0 antin roster submit roster.jsonl
expect 0 antin roster approve roster.jsonl --officer officer-1
expect 4 antin roster issue roster.jsonl
expect 4 antin token finish -o letters
expect 0 antin roster approve roster.jsonl --officer officer-2
expect 0 antin roster issue roster.jsonl

# ---- A token that is not on the tray waits; the wrong one is set aside; the others go on.
tokens=$ANTIN_HOME/subscribers/tokens
folder_of() { grep -la "$1" "$tokens"/*/token.object | xargs dirname; }
away=$(folder_of "$(of CB-1 label)")
mv "$away" away
# CB-2's token lost its key and has another one: what a person does who tries the token out.
other=$(folder_of "$(of CB-2 label)")
cp -r "$other" before
python3 - "$other" "$(folder_of "$(of CB-3 label)")" <<'PY'
import glob, os, shutil, sys
mine, theirs = sys.argv[1:]
for path in glob.glob(mine + "/*.object"):
    if not path.endswith("token.object"): os.remove(path)
PY
expect 1 antin token finish -o letters --json
[ "$(count finished)" = 3 ] && [ "$(count not_on_tray)" = 1 ] && [ "$(count set_aside)" = 1 ] || { cat last.out; die "who waits and who is set aside"; }
grep -q "$(of CB-2 label)" last.err || { cat last.err; die "the one set aside is not named"; }
[ "$(of CB-2 set_aside)" != "" ] || die "not on record"
[ ! -e "letters/$(of CB-2 label).pdf" ] || die "a letter for a token without its key"
rm -rf "$other" && mv before "$other" && mv away "$away"
expect 0 antin token finish -o letters --json
[ "$(count finished)" = 2 ] || { cat last.out; die "the two that were left"; }
expect 0 antin token finish -o letters --json
[ "$(count finished)" = 0 ] || die "finished twice"
[ "$(ls letters | wc -l)" = 5 ] || die "not five letters"
[ -z "$(ls "$ANTIN_HOME"/personal/*.so.pin "$ANTIN_HOME"/personal/*.pdf 2>/dev/null)" ] || die "a secret is left behind"
expect 0 antin log verify

# ---- The letters: one page, the PIN on it, in nothing else of the file.
for letter in letters/*.pdf; do
  [ "$(stat -c %a "$letter")" = 600 ] || die "others may read $letter"
  qpdf --check "$letter" >qpdf.out 2>&1 || { cat qpdf.out; die "$letter"; }
  [ "$(pdfinfo "$letter" | sed -n 's/^Pages: *//p')" = 1 ] || die "$letter: more than a page"
  pin=$(pin_of "$letter")
  [ ${#pin} = 8 ] || { pdftotext -layout "$letter" -; die "$letter: no PIN of eight digits"; }
  pdfinfo -custom "$letter" >info; pdfinfo -meta "$letter" >>info
  ! grep -qE "$pin|${pin:0:4} +${pin:4}" info || die "a PIN in the file's properties"
  # In no record, log or output.
  ! grep -rqa "$pin" "$ANTIN_HOME/store" last.out last.err roster.jsonl || die "a PIN is on record"
  pdftotext -layout "$letter" text
  for words in 'THƯ BÁO MÃ PIN' 'Kính gửi' 'GIẤY BIÊN NHẬN' 'Độc lập - Tự do - Hạnh phúc'; do grep -q "$words" text || die "no $words"; done
done
[ "$(for letter in letters/*.pdf; do pin_of "$letter"; done | sort -u | wc -l)" = 5 ] || die "two tokens have one PIN"

# ---- Another program: key and certificate with one CKA_ID, the chain, and a login with the letter's PIN.
for code in CB-1 CB-2 CB-3 CB-4 CB-5; do
  label=$(of $code label) url="pkcs11:token=$(of $code label)"
  pin=$(pin_of "letters/$label.pdf")
  p11 env GNUTLS_PIN="$pin" p11tool --provider "$module" --login --list-all "$url" >objects 2>objects.err || { cat objects.err; die "$code: p11tool"; }
  python3 - "$code" <<'PY'
import re, sys
objects = []
for block in re.split(r"\n(?=Object \d+:)", open("objects").read()):
    kind, ident, label = (re.search(p, block) for p in (r"Type: (.*)", r"ID: (.*)", r"Label: (.*)"))
    if kind: objects.append((kind.group(1), ident.group(1).replace(":", "").strip(), label.group(1), block))
private = [o for o in objects if o[0].startswith("Private")]
public = [o for o in objects if o[0].startswith("Public")]
certificates = [o for o in objects if "ertificate" in o[0]]
assert len(private) == 1 and len(public) == 1, objects
assert [o for o in certificates if o[1] == private[0][1] and o[2] == sys.argv[1]], objects
assert public[0][1] == private[0][1] and len(private[0][1]) == 40, objects
assert len(certificates) == 3, objects  # its own, the issuing CA and the root
assert "CKA_NEVER_EXTRACTABLE" in private[0][3] and "CKA_SENSITIVE" in private[0][3], private
PY
  p11 env GNUTLS_PIN="$pin" p11tool --provider "$module" --login --export-chain "$url;object=$code;type=cert" >chain.pem 2>/dev/null || die "$code: no chain"
  antin cert export "$(of $code certificate)" -o cert.pem >/dev/null
  openssl x509 -in chain.pem -outform DER | cmp -s - <(openssl x509 -in cert.pem -outform DER) || die "$code: another certificate on the token"
  p11 env GNUTLS_PIN="$pin" p11tool --provider "$module" --login --test-sign "$url;object=$code;type=private" >sign.out 2>&1 || { cat sign.out; die "$code: the key does not sign"; }
done

# ---- A second letter is refused; unblock makes a new PIN, with the officers alone.
label=$(of CB-1 label) old=$(pin_of "letters/$(of CB-1 label).pdf")
expect 3 antin token unblock CB-1 -o again.pdf --officer officer-1
[ ! -e again.pdf ] || die "one officer alone"
expect 2 antin token unblock CB-1 -o again.pdf
expect 0 antin token unblock CB-1 -o again.pdf --officer officer-1 --officer officer-2 --dry-run
[ ! -e again.pdf ] || die "a dry run wrote"
expect 1 antin token unblock CB-1 -o "letters/$label.pdf" --officer officer-1 --officer officer-2
expect 0 antin token unblock CB-1 -o again.pdf --officer officer-1 --officer officer-2
new=$(pin_of again.pdf)
[ ${#new} = 8 ] && [ "$new" != "$old" ] || die "not a new PIN"
pdftotext again.pdf - | grep -q 'THƯ BÁO MÃ PIN MỚI' || die "the letter does not say that the PIN is new"
sign() { p11 env GNUTLS_PIN="$1" p11tool --provider "$module" --login --test-sign "pkcs11:token=$label;object=CB-1;type=private" >sign.out 2>&1 </dev/null; }
sign "$new" || { cat sign.out; die "the new PIN"; }
! sign "$old" || die "the old PIN is still good"
expect 0 antin log verify

# ---- Recycle: revoked and erased, then another subscriber's.
serial=$(of CB-4 serial) certificate=$(of CB-4 certificate)
expect 3 antin token recycle CB-4 --remark 'thôi việc'
[ "$(antin cert show "$certificate" --json | grep -o '"status":"[a-z]*"' | head -1)" = '"status":"revoked"' ] || die "not revoked first"
expect 0 antin token recycle CB-4 --remark 'thôi việc' --officer officer-1 --officer officer-2
! SOFTHSM2_CONF=$ANTIN_HOME/subscribers/softhsm2.conf p11tool --provider "$module" --list-all-certs "pkcs11:serial=$serial" 2>/dev/null | grep -q Object || die "not erased"
expect 1 antin token unblock "$serial" -o x.pdf --officer officer-1 --officer officer-2
{ echo '{"format":"antin-roster-1","name":"Người sau","requested_by":"000.00.90.H36"}'; person 1 | sed 's/CB-1/CB-9/; s/Thử 1/Thử 9/; s/cb1@/cb9@/'; } >next.jsonl
expect 0 antin token personalise next.jsonl -o next-roster.jsonl
[ "$(of CB-9 serial)" = "$serial" ] || die "the recycled token was not used"
# ---- Lost: revoked, and a new token for the same row.
expect 0 antin token recycle CB-5 --lost --remark 'mất'
[ "$(of CB-5 state)" = lost ] || die "not lost"
expect 0 antin token personalise list.jsonl -o replacement.jsonl --json
[ "$(count made)" = 2 ] || { cat last.out; die "not new tokens for CB-4 and CB-5"; }
expect 0 antin log verify
# The log tells each step, and no PIN.
antin log show --json >log.json
for type in begin key certificate letter unblock recycle lose set_aside; do grep -q "token.$type" log.json || die "no token.$type"; done
