# `antin verify` asks nobody; with --online it fetches the CRLs that certificates name, and what it cannot have changes no verdict.
source "$(dirname "$0")/home.sh"
/usr/bin/python3 - "$work" <<'PY' &
import http.server, os, sys
work = sys.argv[1]
class Lists(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        with open(work + "/asked", "a") as asked:
            asked.write(self.path + "\n")
        name = self.path.removeprefix("/v1/crl/")
        if os.path.exists(work + "/moved"):
            self.send_response(302)
            self.send_header("Location", f"http://127.0.0.1:{server.server_port}/elsewhere/{name}")
            self.end_headers()
            return
        try:
            content = open(f"{work}/home/out/crl/{name}.crl", "rb").read()
        except OSError:
            return self.send_error(404)
        self.send_response(200)
        self.end_headers()
        self.wfile.write(content)
    def log_message(self, *_):
        pass
server = http.server.HTTPServer(("127.0.0.1", 0), Lists)
open(work + "/port.new", "w").write(str(server.server_port))
os.rename(work + "/port.new", work + "/port")
server.serve_forever()
PY
for _ in $(seq 200); do [ -s port ] && break; sleep 0.05; done
touch asked
expect 0 antin init --publish-url "http://127.0.0.1:$(cat port)"
expect 0 antin roster sample --rows 12 -o roster.jsonl
expect 0 antin roster submit roster.jsonl
for officer in officer-1 officer-2; do expect 0 antin roster approve roster.jsonl --officer $officer; done
expect 0 antin roster issue roster.jsonl
expect 0 antin crl build
echo "nội dung" >file.txt
expect 0 antin sign file.txt --signer 930.91.90.H36 --format cades -o file.p7s
mkdir trust
cp "$ANTIN_HOME"/out/ca/*.pem trust/

# Without the flag: nothing is asked for, with lists at hand or without; and it works where there is no network at all.
expect 0 antin verify file.p7s --detached file.txt
expect 3 antin verify file.p7s --detached file.txt --trust trust
[ ! -s asked ] || { cat asked >&2; die "verify asked the network"; }
if unshare -n true 2>/dev/null; then
  expect 0 unshare -n "$program" verify file.p7s --detached file.txt
else
  echo "SKIPPED ALOUD: unshare -n is not allowed here"
fi

expect 0 antin verify file.p7s --detached file.txt --trust trust --online
grep -q '^/v1/crl/government$' asked || die "the list of the signer's issuer was not asked for"
! grep -vE '^/v1/crl/(government|party|root)$' asked || die "something else was asked for"
# A redirect is not followed; what cannot be had changes nothing and is said.
touch moved
expect 3 antin verify file.p7s --detached file.txt --trust trust --online
grep -q 'HTTP 302' last.err || die "not said why"
! grep -q elsewhere asked || die "a redirect was followed"
expect 0 antin verify file.p7s --detached file.txt --online
rm moved
# A private address that is not where the home publishes is not asked.
sed -i 's|^url = .*|url = "http://pki.lamdong.test"|' "$ANTIN_HOME/antin.toml"
: >asked
expect 3 antin verify file.p7s --detached file.txt --trust trust --online
grep -q 'not public' last.err || die "not said that the address is not public"
[ ! -s asked ] || die "a private address was asked"
