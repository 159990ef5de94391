# Keys that are broken, blocked or known to others: lists of Debian's format, and proofs of compromise in every encoding.
source "$(dirname "$0")/home.sh"
expect 0 antin init
expect 0 antin roster sample --rows 4 -o sample.jsonl

# A roster of one person whose key is in key.pem, under the code $1.
roster_of() {
  openssl req -new -key key.pem -subj '/CN=bat ky' -outform DER -out "$1.csr" 2>/dev/null || die "$1: openssl req"
  python3 - "$1" <<'PY'
import base64, json, sys
code = sys.argv[1]
lines = [json.loads(line) for line in open("sample.jsonl", encoding="utf-8")]
row = next(line for line in lines[1:] if line["kind"] == "personal")
row.update(row=1, code=code, key="csr", csr=base64.b64encode(open(code + ".csr", "rb").read()).decode())
row["fields"]["mail"] = code.lower() + "@lamdong.test"
row.pop("key_spec", None)
with open(code + ".jsonl", "w", encoding="utf-8") as out:
    for line in ({"format": "antin-roster-1", "name": code}, row):
        out.write(json.dumps(line, ensure_ascii=False) + "\n")
PY
}
issue() {
  roster_of "$1"
  expect 0 antin roster submit "$1.jsonl"
  for officer in officer-1 officer-2; do expect 0 antin roster approve "$1.jsonl" --officer $officer; done
  expect 0 antin roster issue "$1.jsonl"
}
status() { antin cert show "$1" --json | grep -o '"status":"[a-z]*"' | cut -d'"' -f4; }

# Each kind of key is issued; then somebody shows it, in each encoding that it has.
shown=0
for kind in rsa ec ed25519; do
  for form in pkcs8 pkcs8-der traditional traditional-der request; do
    case $kind in
      rsa) openssl genrsa -out key.pem 2048 2>/dev/null ;;
      ec) openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out key.pem 2>/dev/null ;;
      ed25519) openssl genpkey -algorithm ed25519 -out key.pem 2>/dev/null ;;
    esac
    case $form in
      pkcs8) cp key.pem proof ;;
      pkcs8-der) openssl pkcs8 -topk8 -nocrypt -in key.pem -outform DER -out proof ;;
      traditional) [ $kind != ed25519 ] || continue; openssl pkey -in key.pem -traditional -out proof ;;
      traditional-der)
        [ $kind != ed25519 ] || continue
        traditional=(-traditional) && [ $kind = rsa ] || traditional=()
        openssl $kind -in key.pem "${traditional[@]}" -outform DER -out proof 2>/dev/null ;;
      request) openssl req -new -key key.pem -subj '/CN=Proof of Key Compromise' -out proof ;;
    esac
    code=$kind-$form
    issue "$code"
    expect 0 antin key check proof
    expect 0 antin key compromise --proof proof --dry-run
    [ "$(status "$code")" = valid ] || die "$code: --dry-run revoked it"
    # The subscriber's own request and a certificate prove nothing.
    expect 3 antin key compromise --proof "$code.csr"
    antin cert export "$code" -o "$code.pem" >/dev/null
    expect 1 antin key compromise --proof "$code.pem"
    expect 0 antin key compromise --proof proof --remark 'tìm thấy trên mạng'
    [ "$(status "$code")" = revoked ] || die "$code: not revoked"
    expect 3 antin key check "$code.pem"
    expect 0 antin key compromise --proof proof
    # Nobody gets a certificate for it any more.
    roster_of "again-$code"
    expect 3 antin roster check "again-$code.jsonl"
    shown=$((shown + 1))
  done
done
[ "$shown" = 13 ] || die "$shown proofs, not 13"

# A file pieced together from somebody's modulus and a private exponent of another key is no proof.
openssl genrsa -out victim.pem 2048 2>/dev/null
openssl genrsa -out key.pem 2048 2>/dev/null
python3 - <<'PY'
import base64, re, subprocess
def numbers(path):
    text = subprocess.run(["openssl", "rsa", "-in", path, "-noout", "-text"], capture_output=True, text=True, check=True).stdout
    found = {}
    for name in ("modulus", "privateExponent", "prime1", "prime2", "exponent1", "exponent2", "coefficient"):
        found[name] = int(re.sub(r"[^0-9a-f]", "", re.search(name + r":\n((?:\s+[0-9a-f:]+\n)+)", text).group(1)), 16)
    return found
def integer(value):
    octets = value.to_bytes(value.bit_length() // 8 + 1, "big")
    return b"\x02" + length(len(octets)) + octets
def length(size):
    if size < 128: return bytes([size])
    octets = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([0x80 | len(octets)]) + octets
victim, other = numbers("victim.pem"), numbers("key.pem")
parts = [0, victim["modulus"], 65537] + [other[n] for n in ("privateExponent", "prime1", "prime2", "exponent1", "exponent2", "coefficient")]
body = b"".join(map(integer, parts))
open("forged", "wb").write(b"\x30" + length(len(body)) + body)
PY
expect 1 antin key compromise --proof forged
[ "$(antin key list --json | grep -o '"key"' | wc -l)" = 13 ] || die "the forged proof blocked a key"

# Debian's list, made as Debian made it.
openssl genrsa -out key.pem 2048 2>/dev/null
roster_of listed
expect 0 antin roster check listed.jsonl
mkdir -p "$ANTIN_HOME/block-lists"
{ echo '# blacklist.RSA-2048'; openssl rsa -in key.pem -noout -modulus 2>/dev/null | sha1sum | cut -c 21-40; } >"$ANTIN_HOME/block-lists/blacklist.RSA-2048"
expect 3 antin roster check listed.jsonl
expect 3 antin key check key.pem
echo nonsense >"$ANTIN_HOME/block-lists/own"
expect 1 antin roster check listed.jsonl
grep -q 'block list .*own: line 1' last.err || { cat last.err >&2; die "a broken list is not named"; }
rm -r "$ANTIN_HOME/block-lists"
expect 0 antin key block key.pem --reason 'thử'
expect 3 antin roster check listed.jsonl
expect 0 antin log verify
