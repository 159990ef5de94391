# antind with curl, as a document system would use it: tokens, scopes, limits, repeated requests, a clean end.
source "$(dirname "$0")/home.sh"
daemon=$(realpath "$2") openapi=$(realpath "$3") json_schema=$(realpath "$4")
approved_roster 12
expect 0 antin roster issue roster.jsonl
expect 0 antin crl build
seal=930.91.90.H36
token=$(antin system add demo --signer "$seal")
other=$(antin system add other --signer nobody@lamdong.test)

start() {
  rm -f port
  "$daemon" --listen 127.0.0.1:0 --port-file port 2>daemon.log &
  pid=$!
  for _ in $(seq 200); do [ -s port ] && break; kill -0 "$pid" 2>/dev/null || { cat daemon.log >&2; die "antind ended"; }; sleep 0.05; done
  service=http://127.0.0.1:$(cat port)
}
# call WANTED-CODE OUT CURL-ARGUMENTS…
call() {
  local wanted=$1 out=$2 got
  shift 2
  got=$(curl -sS -o "$out" -w '%{http_code}' "$@") || true
  [ "$got" = "$wanted" ] || { head -c 400 "$out" >&2; die "HTTP $got, not $wanted: $*"; }
}
start
call 200 out "$service/livez"
call 200 out "$service/readyz"
call 404 out "$service/v1/nothing"
call 405 out "$service/v1/sign"
for name in root party government; do
  call 200 got.crl "$service/v1/crl/$name"
  cmp got.crl "$ANTIN_HOME/out/crl/$name.crl" || die "another CRL than the published one"
  call 200 got.der "$service/v1/ca/$name"
  openssl x509 -inform DER -in got.der -noout || die "no certificate of $name"
done
call 404 out "$service/v1/crl/..%2f..%2fetc"

echo "nội dung" >file.txt
auth=(-H "Authorization: Bearer $token")
call 401 out -F file=@file.txt -F signer=$seal "$service/v1/sign"
call 401 out -H "Authorization: Bearer wrong" -F file=@file.txt -F signer=$seal "$service/v1/sign"
call 403 out -H "Authorization: Bearer $other" -F file=@file.txt -F signer=$seal "$service/v1/sign"
call 404 out "${auth[@]}" -F file=@file.txt -F signer=unknown "$service/v1/sign"
call 400 out "${auth[@]}" -F signer=$seal "$service/v1/sign"
call 400 out "${auth[@]}" -d '{}' "$service/v1/sign"
# What the call does not know is refused by name, and no other signature is made than was meant.
call 400 out "${auth[@]}" -H 'Accept-Language: en' -F file=@file.txt -F signer=$seal -F format=pdf "$service/v1/sign"
grep -q 'format: the value is none of pades, cades, asic-e' out || die "an unknown format"
call 400 out "${auth[@]}" -H 'Accept-Language: en' -F file=@file.txt -F signer=$seal -F reasn=x "$service/v1/sign"
grep -q 'has a field \\"reasn\\"' out || die "an unknown field is not named"
call 400 out "${auth[@]}" -F file=@file.txt -F dossier=000.00.99.H36-221228-0009 -F signer=$seal -F format=cades "$service/v1/dossiers"
grep -q 'biểu mẫu có trường \\"format\\"' out || die "an unknown field of a dossier"
call 400 out "${auth[@]}" -F file=@file.txt -F detatched=@file.txt "$service/v1/verify"
# Problems are wholly in one language, and their type is one that means something.
call 405 out -D headers -H 'Accept-Language: en' "$service/v1/sign"
grep -qi '^allow: POST' headers || die "405 without Allow"
grep -q '"type":"urn:antin:problem:method_not_allowed","title":"The path does not take this method"' out && grep -q '"detail":"this path takes POST"' out || die "405 in English"
call 405 out -D headers -X POST "$service/v1/crl/root"
grep -qi '^allow: GET, HEAD' headers && grep -qi '^content-language: vi' headers || die "405 of a GET"
grep -q '"detail":"đường dẫn này nhận GET, HEAD"' out || die "405 in Vietnamese"
call 401 out -H 'Authorization: Bearer wrong' -F file=@file.txt -F signer=$seal "$service/v1/sign"
grep -q '"detail":"token API không có hoặc đã bị thu hồi"' out || die "401 in Vietnamese"
call 404 out "${auth[@]}" -H 'Accept-Language: en-GB,en;q=0.8' -F file=@file.txt -F signer=unknown "$service/v1/sign"
grep -q '"detail":"store: no certificate is known by the id, serial, code or mail unknown"' out || die "404 in English"
head -c 400 /dev/urandom >noise.pdf
call 400 out "${auth[@]}" -F file=@noise.pdf -F format=pades -F signer=$seal "$service/v1/sign"
head -c 70000000 /dev/zero >large
call 413 out "${auth[@]}" -F file=@large -F signer=$seal "$service/v1/sign"
grep -q '"code":"resource_exhausted"' out && grep -q 'nội dung lớn hơn mức dịch vụ nhận' out || die "no problem document"
call 413 out "${auth[@]}" -H 'Accept-Language: en' -F file=@large -F signer=$seal "$service/v1/sign"
grep -q '"title":"A limit was exceeded"' out && grep -q 'larger than this service accepts' out || die "413 in English"

call 200 first.p7s "${auth[@]}" -H 'Idempotency-Key: k1' -F file=@file.txt -F format=cades -F signer=$seal "$service/v1/sign"
call 200 again.p7s "${auth[@]}" -H 'Idempotency-Key: k1' -F file=@file.txt -F format=cades -F signer=$seal "$service/v1/sign"
cmp first.p7s again.p7s || die "the same request with the same key gave another answer"
echo other >other.txt
call 409 out "${auth[@]}" -H 'Idempotency-Key: k1' -F file=@other.txt -F format=cades -F signer=$seal "$service/v1/sign"
call 409 out "${auth[@]}" -H 'Idempotency-Key: k1' -F file=@file.txt -F format=cades -F signer=$seal -F reason=khác "$service/v1/sign"
dossier=(-F dossier=000.00.99.H36-221228-0001 -F signer=$seal -F file=@file.txt -F file=@other.txt)
call 200 first.asice "${auth[@]}" -H 'Idempotency-Key: k2' "${dossier[@]}" "$service/v1/dossiers"
sleep 1.1  # the manifest would say another second
call 200 again.asice "${auth[@]}" -H 'Idempotency-Key: k2' "${dossier[@]}" "$service/v1/dossiers"
cmp first.asice again.asice || die "the same dossier with the same key is another file"
openssl cms -verify -binary -purpose any -inform DER -in first.p7s -content file.txt -CAfile "$ANTIN_HOME/out/ca/root.pem" -out /dev/null 2>/dev/null || die "openssl cms"
call 200 report "${auth[@]}" -F file=@first.p7s -F detached=@file.txt "$service/v1/verify"
grep -q '"indication":"TOTAL-PASSED"' report || die "not passed"
call 400 out "${auth[@]}" -F file=@file.txt -F detached=@first.p7s "$service/v1/verify"
antin --json --lang vi verify first.p7s --detached file.txt >cli.report || die "antin verify"
[ "$(sed 's/"validation_time":"[^"]*"//' report)" = "$(sed 's/"validation_time":"[^"]*"//' cli.report)" ] || die "the API and the CLI answer differently"
# Reports have the shape of their schema: by the API, and by the CLI for good, unsigned, damaged and unreadable files, one and several.
{ cat report; echo; cat cli.report; antin --json verify first.p7s || true; antin --json verify noise.pdf first.p7s missing.pdf file.txt || true; antin --json verify missing.pdf || true; } >reports
sed '/^$/d' reports | "$json_schema" report.schema.json || die "a report has another shape than its schema"
call 200 dossier.asice "${auth[@]}" -F dossier=000.00.99.H36-221228-0001 -F signer=$seal -F file=@file.txt -F file=@other.txt "$service/v1/dossiers"
expect 0 antin verify dossier.asice
expect 0 antin sign file.txt other.txt --dossier 000.00.99.H36-221228-0002 --signer $seal -o cli.asice
expect 0 antin verify cli.asice
/usr/bin/python3 -c 'import zipfile; print(zipfile.ZipFile("cli.asice").read("manifest.json").decode())' | tr -d '\n' | "$json_schema" dossier.schema.json || die "the manifest has another shape than its schema"
expect 1 antin sign file.txt --dossier 000.00.99.H36-221328-0001 --signer $seal -o bad.asice
[ ! -e bad.asice ] || die "a refused dossier was written"
call 400 out "${auth[@]}" -F dossier=000.00.99.H36-221328-0001 -F signer=$seal -F file=@file.txt "$service/v1/dossiers"

# Every path and method of the description is served, and nothing answers that it does not know.
/usr/bin/python3 - "$openapi" "$service" <<'PY' || die "openapi.yaml and antind differ"
import sys, urllib.error, urllib.request, yaml
described = yaml.safe_load(open(sys.argv[1], encoding="utf-8"))
for path, methods in described["paths"].items():
    for method, operation in methods.items():
        url = sys.argv[2] + path.replace("{issuer}", "government")
        try:
            answer = urllib.request.urlopen(urllib.request.Request(url, method=method.upper(), data=b"" if method == "post" else None))
        except urllib.error.HTTPError as error:
            answer = error
        described_status = operation["responses"].get(str(answer.status))
        assert described_status, f"{method} {path}: {answer.status} is not described"
        kind = answer.headers["Content-Type"]
        assert kind in described_status["content"], f"{method} {path}: {kind} is not described"
PY

second=0; "$daemon" --listen 127.0.0.1:0 2>second.log || second=$?
[ "$second" = 5 ] && grep -q "$pid" second.log || { cat second.log >&2; die "a second antind was not refused with the pid of the first"; }
"$daemon" --lang vi --listen 127.0.0.1:0 2>second.log || true
grep -q "^antind: lỗi: antind: .*: tiến trình $pid đang làm việc này" second.log || { cat second.log >&2; die "antind --lang vi"; }
got=0; "$daemon" --lang vi --nonsense 2>second.log || got=$?
[ "$got" = 2 ] && grep -q "tham số không có trong lệnh này: --nonsense" second.log || die "wrong usage of antind"
"$daemon" --lang vi --help | grep -q "^Cách dùng: " || die "antind --help in Vietnamese"
outside=0; ANTIN_HOME=$ANTIN_HOME "$daemon" --listen 0.0.0.0:0 2>outside.log || outside=$?
[ "$outside" != 0 ] || die "plain HTTP on all addresses"
kill -TERM "$pid"; ended=0; wait "$pid" || ended=$?
[ "$ended" = 0 ] || die "antind ended with $ended"
expect 0 antin system revoke-token demo
start
call 401 out "${auth[@]}" -F file=@file.txt -F signer=$seal "$service/v1/sign"

# Keys apart: with all that antind can reach (its token home, the store, what is published, the configuration) an issuing key cannot be used.
kill -TERM "$pid"; wait "$pid" || true
mkdir reach
cp -r "$ANTIN_HOME/service" "$ANTIN_HOME/store" "$ANTIN_HOME/out" "$ANTIN_HOME/antin.toml" reach/
ANTIN_HOME=$work/reach expect 5 antin crl build
# Not even with the CA's token files at hand: the PINs that antind has open none of them.
cp -r "$ANTIN_HOME/ca" reach/ca
rm -r reach/ca/pins
sed -i 's|file:ca/pins/[a-z]*.pin|file:service/pins/seals.pin|' reach/antin.toml
ANTIN_HOME=$work/reach expect 5 antin crl build --issuer government
grep -q CKR_PIN_INCORRECT last.err || { cat last.err >&2; die "refused for another reason"; }
[ -z "$(find reach/service -name '*party*' -o -name '*government*' -o -name '*root*')" ] || die "a PIN of an issuing token lies in antind's folder"
for name in root party government; do ! grep -rqF "$(cat "$ANTIN_HOME/ca/pins/$name.pin")" reach || die "the PIN of $name can be read there"; done
