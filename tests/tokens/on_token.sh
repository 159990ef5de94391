# on_token.sh KIND USB_MODULE SOFTHSM2 COMMAND…: runs a command with ANTIN_TOKEN_KIND set and what that kind needs around it: a module, a
# TPM. Ends with 77 and a sentence when a package is missing.
set -euo pipefail
kind=$1 usb=$2 softhsm2=$3
shift 3
work=$(mktemp -d)
tpm=
trap 'status=$?; [ -z "$tpm" ] || kill "$tpm" 2>/dev/null || true; rm -rf "$work"; exit $status' EXIT
skip() { echo "SKIPPED: tokens of kind $kind: $1"; exit 77; }
first() { for each; do [ ! -e "$each" ] || { echo "$each"; return; }; done; }
export ANTIN_TOKEN_KIND=$kind
case $kind in
  softhsm2) export ANTIN_TOKEN_MODULE=$softhsm2 ;;
  usb)
    mkdir "$work/usb"
    : >"$work/usb/inserted"
    echo 'signature-ms=1 always-authenticate' >"$work/usb/behaviour"
    export ANTIN_TOKEN_MODULE=$usb ANTIN_USB_WRAPS=$softhsm2 ANTIN_USB_TOKEN=$work/usb
    ;;
  nss)
    ANTIN_TOKEN_MODULE=$(first /usr/lib/*-linux-gnu/libsoftokn3.so /usr/lib/*-linux-gnu/nss/libsoftokn3.so)
    [ -n "$ANTIN_TOKEN_MODULE" ] || skip "install the package libnss3"
    export ANTIN_TOKEN_MODULE
    ;;
  tpm2)
    ANTIN_TOKEN_MODULE=$(first /usr/lib/*-linux-gnu/libtpm2_pkcs11.so.1 /usr/lib/*-linux-gnu/pkcs11/libtpm2_pkcs11.so)
    [ -n "$ANTIN_TOKEN_MODULE" ] || skip "install the package libtpm2-pkcs11-1"
    for program in swtpm:swtpm tpm2-abrmd:tpm2-abrmd dbus-run-session:dbus-daemon; do
      command -v "${program%:*}" >/dev/null || PATH=$PATH:/usr/sbin command -v "${program%:*}" >/dev/null || skip "install the package ${program#*:}"
    done
    for library in swtpm:libtss2-tcti-swtpm0 tabrmd:libtss2-tcti-tabrmd0; do
      [ -n "$(first /usr/lib/*-linux-gnu/libtss2-tcti-"${library%:*}".so.0)" ] || skip "install the package ${library#*:}"
    done
    mkdir "$work/tpm"
    swtpm socket --tpm2 --tpmstate "dir=$work/tpm" --server "type=unixio,path=$work/tpm.sock" \
      --ctrl "type=unixio,path=$work/tpm.sock.ctrl" --flags not-need-init,startup-clear >"$work/swtpm.log" 2>&1 &
    tpm=$!
    for _ in $(seq 100); do [ ! -S "$work/tpm.sock" ] || break; sleep 0.1; done
    [ -S "$work/tpm.sock" ] || { cat "$work/swtpm.log" >&2; exit 1; }
    export ANTIN_TOKEN_MODULE TPM2_PKCS11_TCTI=tabrmd:bus_type=session TSS2_LOG=all+NONE TPM2_PKCS11_LOG_LEVEL=0
    export TPM_SOCKET=$work/tpm.sock PATH=$PATH:/usr/sbin
    # A TPM holds three keys at a time: the resource manager, on a bus of its own, changes them as the kernel's does.
    set -- dbus-run-session -- bash "$(dirname "$0")/with_resource_manager.sh" "$@"
    ;;
esac
"$@"
