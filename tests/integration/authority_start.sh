# `antin authority run` answers nobody before store and log agree and every issuing key has signed something that verifies; and what everybody
# fetches is held against what was published.
source "$(dirname "$0")/home.sh"
faults=$(realpath "$2") softhsm2=$(realpath "$3")
approved_roster 6
expect 0 antin roster issue roster.jsonl
expect 0 antin crl build

# starts LANGUAGE…: the authority comes up, and is ended again.
starts() {
  "$program" "$@" authority run 2>authority.log &
  local pid=$!
  for _ in $(seq 200); do [ -S "$ANTIN_HOME/ca/authority.sock" ] && break; kill -0 $pid 2>/dev/null || break; sleep 0.05; done
  [ -S "$ANTIN_HOME/ca/authority.sock" ] || { cat authority.log >&2; die "the authority does not start"; }
  kill -TERM $pid
  wait $pid || die "the authority did not end cleanly"
}
starts

# ---- A row that nobody logged, and one that was taken away: it does not start, says why, and leaves no socket.
cp -r "$ANTIN_HOME" whole
sqlite3 "$ANTIN_HOME/store/antin.sqlite" "UPDATE certificate SET der = der || x'00' WHERE seq = (SELECT max(seq) FROM certificate)"
expect 1 antin authority run
grep -F 'nothing is issued while store and log differ' last.err >/dev/null || { cat last.err; die "why it does not start is not said"; }
[ ! -e "$ANTIN_HOME/ca/authority.sock" ] || die "it listened"
expect 1 antin authority run --lang vi
grep -F 'không cấp gì khi kho dữ liệu và nhật ký khác nhau' last.err >/dev/null || { cat last.err; die "not in Vietnamese"; }
rm -rf "$ANTIN_HOME" && cp -r whole "$ANTIN_HOME"
sqlite3 "$ANTIN_HOME/store/antin.sqlite" 'PRAGMA foreign_keys = OFF; DELETE FROM approval WHERE seq = 1'
expect 1 antin authority run
rm -rf "$ANTIN_HOME" && cp -r whole "$ANTIN_HOME"
starts --lang vi

# ---- A token whose signatures do not hold, and one that gives none: named with its CA before anything is issued; no PIN is said.
sed -i "s|^softhsm2 = \"ca\"|module = \"$faults\"|" "$ANTIN_HOME/antin.toml"
export ANTIN_FAULT_WRAPS=$softhsm2 SOFTHSM2_CONF=$ANTIN_HOME/ca/softhsm2.conf
starts
for fault in spoilt device-broken removed@sign; do
  ANTIN_FAULT=$fault "$program" authority run >last.out 2>last.err && die "$fault: it runs" || true
  grep -E 'self-test of ca (root|party|government)' last.err >/dev/null || { cat last.err; die "$fault: the key is not named"; }
  for label in root party government; do
    grep -F "$(cat "$ANTIN_HOME/ca/pins/$label.pin")" last.err >/dev/null && die "$fault: a PIN is in the message" || true
  done
  [ ! -e "$ANTIN_HOME/ca/authority.sock" ] || die "$fault: it listened"
done
ANTIN_FAULT=spoilt "$program" authority run --lang vi >last.out 2>last.err && die "it runs" || true
grep -F 'tự kiểm tra CA' last.err >/dev/null || { cat last.err; die "not in Vietnamese"; }
starts

# ---- What is served is what was published.
unset SOFTHSM2_CONF
rm -rf "$ANTIN_HOME" && cp -r whole "$ANTIN_HOME"
mkdir -p served/v1/crl
for name in root party government; do cp "$ANTIN_HOME/out/crl/$name.crl" "served/v1/crl/$name"; done
python3 -u -m http.server 0 --bind 127.0.0.1 --directory served >server.log 2>&1 &
for _ in $(seq 100); do port=$(sed -n 's/.* port \([0-9]*\) .*/\1/p' server.log); [ -n "$port" ] && break; sleep 0.05; done
[ -n "$port" ] || die "no server"
sed -i "s|^url = .*|url = \"http://127.0.0.1:$port\"|" "$ANTIN_HOME/antin.toml"
for name in root party government; do expect 0 antin crl verify "$name" --fetch; done
cp served/v1/crl/party served/v1/crl/government
expect 3 antin crl verify government --fetch
grep -F 'serves ANOTHER list' last.out >/dev/null || { cat last.out; die "that another list is served is not said"; }
expect 3 antin crl verify government --fetch --json
grep -F '"good":false' last.out >/dev/null || die "good"
expect 0 antin crl verify government
rm served/v1/crl/root
expect 5 antin crl verify root --fetch
expect 1 antin crl verify "$ANTIN_HOME/out/crl/root.crl" --fetch
