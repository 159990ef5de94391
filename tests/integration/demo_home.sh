# scripts/demo leaves a home alone that a daemon, an authority or another demo is using, and says which process it is.
source "$(dirname "$0")/home.sh"
daemon=$(realpath "$2") demo=$(realpath "$3")

# refused PID: the demo ends with 1 before it does anything, names the process, and the home is as it was.
refused() {
  local got=0
  timeout 60 "$demo" --home "$ANTIN_HOME" --lang en >demo.out 2>demo.err || got=$?
  [ "$got" = 1 ] || { cat demo.out demo.err >&2; die "exit code $got of a demo on a home in use"; }
  grep -q "process $1 is using" demo.err || { cat demo.err >&2; die "process $1 is not named"; }
  [ -s "$ANTIN_HOME/store/antin.sqlite" ] && [ -s "$ANTIN_HOME/ca/pins/root.pin" ] || die "the home was emptied under process $1"
}

expect 0 antin init
got=0; "$demo" --home "$ANTIN_HOME" --lang en >demo.out 2>demo.err || got=$?
[ "$got" = 1 ] && grep -q "was not made by this demo" demo.err || die "a home that is not the demo's was taken"
touch "$ANTIN_HOME/.antin-demo"

"$daemon" --listen 127.0.0.1:0 --port-file port 2>daemon.log &
pid=$!
for _ in $(seq 200); do [ -s port ] && break; sleep 0.05; done
refused "$pid"
kill -TERM "$pid"; wait "$pid" || true

"$program" authority run 2>authority.log &
pid=$!
for _ in $(seq 200); do [ -S "$ANTIN_HOME/ca/authority.sock" ] && break; sleep 0.05; done
refused "$pid"
"$demo" --home "$ANTIN_HOME" --lang vi 2>demo.err || true
grep -q "tiến trình $pid đang dùng" demo.err || die "not in Vietnamese"
kill -TERM "$pid"; wait "$pid" || true

got=0; "$demo" --help >help.out 2>help.err || got=$?
[ "$got" = 0 ] && grep -q '^usage: ' help.out && [ ! -s help.err ] || die "--help"
got=0; "$demo" --nonsense >help.out 2>help.err || got=$?
[ "$got" = 2 ] && grep -q '^usage: ' help.err && [ ! -s help.out ] || die "a wrong option"
