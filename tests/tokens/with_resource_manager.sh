# with_resource_manager.sh COMMAND…: runs a command beside a resource manager for the TPM at TPM_SOCKET, on the bus of this session.
set -euo pipefail
log=$(mktemp)
tpm2-abrmd --session --allow-root --flush-all --tcti="swtpm:path=$TPM_SOCKET" >"$log" 2>&1 &
manager=$!
trap 'status=$?; kill $manager 2>/dev/null || true; rm -f "$log"; exit $status' EXIT
there() {
  dbus-send --session --print-reply --dest=org.freedesktop.DBus / org.freedesktop.DBus.NameHasOwner string:com.intel.tss2.Tabrmd | tail -1
}
for _ in $(seq 100); do
  case $(there) in *true) break ;; esac
  kill -0 $manager 2>/dev/null || break
  sleep 0.1
done
case $(there) in *true) ;; *) cat "$log" >&2; exit 1 ;; esac
"$@"
