# What `cmake --install` puts in place: programs that run, units without an open place, whose daemon serves a home of its own.
source "$(dirname "$0")/home.sh"
build=$(realpath "$2")
DESTDIR=$work/root cmake --install "$build" >/dev/null
installed=$(dirname "$(find "$work/root" -path '*/bin/antind')")
[ -x "$installed/antin" ] || die "antin is not installed"
"$installed/antin" --version >/dev/null
for unit in antind.service antin-authority.service antin-verify.service; do
  file=$(find "$work/root" -name "$unit")
  [ -n "$file" ] || die "$unit is not installed"
  ! grep -q '@CMAKE' "$file" || die "$unit has an open place"
  grep -q '^ExecStart=/' "$file" || die "$unit starts nothing"
done
timer=$(find "$work/root" -name antin-verify.timer)
[ -n "$timer" ] && grep -q '^OnCalendar=' "$timer" || die "nothing verifies the log each day"
grep -q '^ExecStart=.*/antin log verify$' "$(find "$work/root" -name antin-verify.service)" || die "the daily unit does not verify the log"
grep -q '^InaccessiblePaths=/var/lib/antin/ca' "$(find "$work/root" -name antind.service)" || die "antind can reach the issuing tokens"
expect 0 antin init
"$installed/antind" --listen 127.0.0.1:0 --port-file port 2>/dev/null &
for _ in $(seq 200); do [ -s port ] && break; sleep 0.05; done
curl -fsS -o /dev/null "http://127.0.0.1:$(cat port)/readyz"
kill -TERM %1
wait %1 || die "antind did not end cleanly"

# The units as systemd reads them. A machine without the users and the folders of the units is no fault of theirs.
if command -v systemd-analyze >/dev/null; then
  cp "$timer" .
  for unit in antind.service antin-authority.service antin-verify.service antin-verify.timer; do
    sed "s|^ExecStart=[^ ]*/bin/|ExecStart=$installed/|" "$(find "$work/root" -name "$unit")" >"$unit"
    systemd-analyze verify --man=no "$work/$unit" >verify.log 2>&1 || true
    ! grep -E "$unit.*(Unknown|Failed to parse|Invalid|not executable|Missing)" verify.log || die "systemd does not read $unit as it is meant"
  done
else
  echo "SKIPPED ALOUD: no systemd-analyze: the units were not verified"
fi

# A production home as docs/formats/home.md shows it: no PIN lies in it, systemd's credentials bring those of the service's tokens.
approved_roster 12
expect 0 antin roster issue roster.jsonl
expect 0 antin crl build
# What draws pages is found beside the program, and is missed by name without it.
expect 0 "$installed/antin" form print mau-01 --roster roster.jsonl -o forms
mkdir -p alone/bin
cp "$installed/antin" alone/bin/
expect 5 alone/bin/antin form print mau-01 --roster roster.jsonl -o nothing
grep -q 'alone/lib/antin/antin-page.so is not there: install' last.err || { cat last.err; die "the missing module is not named"; }
[ ! -e nothing ] || die "half written"
token=$(antin system add demo --signer 930.91.90.H36)
mkdir -m 700 credentials
for label in seals leaders; do mv "$ANTIN_HOME/service/pins/$label.pin" "credentials/$label.pin"; done
sed -i 's/^production = false/production = true/' "$ANTIN_HOME/antin.toml"
expect 3 "$installed/antind" --listen 127.0.0.1:0
sed -i 's#^"\(.*\)" = "file:.*#"\1" = "credential:\1.pin"#' "$ANTIN_HOME/antin.toml"
echo "nội dung" >file.txt
# sign_with_credentials WANTED-CODE VARIABLE…: a signature by the daemon that runs with those variables.
sign_with_credentials() {
  local wanted=$1 got
  shift
  rm -f port
  env -u CREDENTIALS_DIRECTORY "$@" "$installed/antind" --listen 127.0.0.1:0 --port-file port 2>daemon.log &
  local pid=$!
  for _ in $(seq 200); do [ -s port ] && break; kill -0 "$pid" 2>/dev/null || { cat daemon.log >&2; die "antind ended"; }; sleep 0.05; done
  got=$(curl -sS -o answer -w '%{http_code}' -H "Authorization: Bearer $token" -F signer=930.91.90.H36 -F format=cades -F file=@file.txt "http://127.0.0.1:$(cat port)/v1/sign") || true
  kill -TERM "$pid"
  wait "$pid" || die "antind did not end cleanly"
  [ "$got" = "$wanted" ] || { head -c 400 answer >&2; die "HTTP $got, not $wanted, with: $*"; }
  ! grep -qF -f credentials/seals.pin daemon.log answer || die "a PIN was shown"
}
sign_with_credentials 200 CREDENTIALS_DIRECTORY="$work/credentials"
expect 0 antin verify answer --detached file.txt
sign_with_credentials 503
grep -q '"code":"unavailable"' answer || die "a PIN that is missing is not told as a service that is not ready"
