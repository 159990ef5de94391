# What `cmake --install` puts in place: programs that run, units without an open place, whose daemon serves a home of its own.
source "$(dirname "$0")/home.sh"
build=$(realpath "$2")
DESTDIR=$work/root cmake --install "$build" >/dev/null
installed=$(dirname "$(find "$work/root" -path '*/bin/antind')")
[ -x "$installed/antin" ] || die "antin is not installed"
"$installed/antin" --version >/dev/null
for unit in antind.service antin-authority.service; do
  file=$(find "$work/root" -name "$unit")
  [ -n "$file" ] || die "$unit is not installed"
  ! grep -q '@CMAKE' "$file" || die "$unit has an open place"
  grep -q '^ExecStart=/' "$file" || die "$unit starts nothing"
done
grep -q '^InaccessiblePaths=/var/lib/antin/ca' "$(find "$work/root" -name antind.service)" || die "antind can reach the issuing tokens"
expect 0 antin init
"$installed/antind" --listen 127.0.0.1:0 --port-file port 2>/dev/null &
for _ in $(seq 200); do [ -s port ] && break; sleep 0.05; done
curl -fsS -o /dev/null "http://127.0.0.1:$(cat port)/readyz"
