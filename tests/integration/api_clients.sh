# The clients of docs/api.md as they stand there, with the address replaced: curl always; Java (compiled for release 8) and fetch (node)
# where they are installed.
source "$(dirname "$0")/home.sh"
daemon=$(realpath "$2") page=$(realpath "$3")
approved_roster 12
expect 0 antin roster issue roster.jsonl
expect 0 antin crl build
antin roster sample --rows 2 -o unused.jsonl >/dev/null 2>&1
/usr/bin/python3 - <<'PY'
objects = ["<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>", "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>"]
out, places = "%PDF-1.7\n", []
for number, body in enumerate(objects, 1):
    places.append(len(out))
    out += f"{number} 0 obj\n{body}\nendobj\n"
table = "".join(f"{place:010d} 00000 n \n" for place in places)
open("letter.pdf", "w").write(out + f"xref\n0 4\n0000000000 65535 f \n{table}trailer\n<< /Size 4 /Root 1 0 R >>\nstartxref\n{len(out)}\n%%EOF\n")
PY
export TOKEN=$(antin system add demo --signer 930.91.90.H36)
"$daemon" --listen 127.0.0.1:0 --port-file port 2>daemon.log &
for _ in $(seq 200); do [ -s port ] && break; sleep 0.05; done
service=127.0.0.1:$(cat port)
# block LANGUAGE HEADING: the fenced block after that heading.
block() { awk -v heading="## $2" -v fence="\`\`\`$1" 'index($0, heading) == 1 {in_part = 1; next} /^## / {in_part = 0} on && /^```$/ {exit} in_part && $0 == fence {on = 1; next} on {print}' "$page"; }

block '' curl | sed "s/127.0.0.1:8686/$service/" >curl.sh
grep -q '^curl' curl.sh || die "docs/api.md has no curl lines"
bash -e curl.sh >curl.out || die "the curl lines do not work"
grep -q TOTAL-PASSED curl.out || die "curl: not passed"
expect 0 antin verify signed.pdf

if command -v javac >/dev/null; then
  rm signed.pdf
  block java 'Java 8' | sed "s/127.0.0.1:8686/$service/" >Sign.java
  javac --release 8 Sign.java 2>javac.log || { cat javac.log >&2; die "the Java client does not compile"; }
  java Sign || die "the Java client fails"
  expect 0 antin verify signed.pdf
else
  echo "SKIPPED ALOUD: no javac: the Java client of docs/api.md was not run"
fi
if command -v node >/dev/null; then
  {
    echo "const {readFileSync, writeFileSync} = require('fs');"
    echo "const token = process.env.TOKEN, input = {files: [new Blob([readFileSync('letter.pdf')], {type: 'application/pdf'})]};"
    echo "const served = globalThis.fetch, fetch = (path, options) => served('http://$service' + path, options);"
    echo "(async () => {"
    block js fetch
    echo "writeFileSync('fetched.pdf', Buffer.from(await signed.arrayBuffer())); })();"
  } >client.js
  node client.js 2>node.log || { cat node.log client.js >&2; die "the fetch client fails"; }
  expect 0 antin verify fetched.pdf
else
  echo "SKIPPED ALOUD: no node: the fetch client of docs/api.md was not run"
fi
