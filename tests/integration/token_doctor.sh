# What each kind of token cannot do, as `antin token doctor` says it in both languages; on a token of a home whose officers have that kind.
# Run by tests/tokens/on_token.sh.
source "$(dirname "$0")/home.sh"
config=$ANTIN_HOME/antin.toml
# doctor [LANGUAGE]: its JSON in `last.out`.
doctor() { LC_ALL=C.UTF-8 expect "${wanted:-0}" antin --lang "${1:-en}" token doctor officer-1 --in officers --json; }
says() { grep -q -- "$1" last.out || { cat last.out >&2; die "doctor does not say: $1"; }; }
says_not() { ! grep -q -- "$1" last.out || { cat last.out >&2; die "doctor says: $1"; }; }
keys() { python3 -c 'import json; print(json.load(open("last.out"))[0]["keys"])'; }
# The officers' group is another module's: lines of antin.toml.
officers_have() {
  python3 - "$config" "$@" <<'P'
import sys
path, *lines = sys.argv[1:]
text = open(path).read()
assert 'softhsm2 = "officers"\n' in text
open(path, "w").write(text.replace('softhsm2 = "officers"\n', "\n".join(lines) + "\n"))
P
}

case $ANTIN_TOKEN_KIND in
  softhsm2)
    expect 0 antin init
    doctor
    says '"limits":\[\]'
    # Its certificate is in the store alone, which is no fault; what another program put beside it is looked at.
    says '"findings":\[\],"notes":\["keys without a certificate beside them: 1 (as officer-1)'
    module=${SOFTHSM2_MODULE:-$(ls /usr/lib/softhsm/libsofthsm2.so /usr/lib/*/softhsm/libsofthsm2.so 2>/dev/null | head -1)}
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout other.key -out other.pem -days 9 -subj /CN=la -addext basicConstraints=critical,CA:FALSE 2>/dev/null
    SOFTHSM2_CONF=$ANTIN_HOME/officers/softhsm2.conf GNUTLS_PIN=$(cat "$ANTIN_HOME/officers/pins/officer-1.pin") \
      p11tool --provider "$module" --login --write --load-certificate other.pem --label la --id 0102 'pkcs11:token=officer-1' >written 2>&1 </dev/null || { cat written; die "p11tool"; }
    wanted=5 doctor
    says 'the certificate la is of no key on the token'
    [ "$(keys)" = 1 ] || die "a certificate is counted as a key"
    wanted=5 doctor vi
    says 'chứng thư la không thuộc khóa nào'
    ;;
  usb)
    export SOFTHSM2_MODULE=$ANTIN_TOKEN_MODULE
    expect 0 antin init
    doctor
    says 'asks for the PIN before each signature'
    says_not 'asks for its PIN itself'
    before=$(keys)
    doctor vi
    says 'khóa đòi PIN trước mỗi chữ ký'
    echo 'signature-ms=700 pin-pad sessions=1' >"$ANTIN_USB_TOKEN/behaviour"
    ln -s "$ANTIN_HOME/officers/pins" "$ANTIN_USB_TOKEN/pad"
    doctor
    says 'a signature takes [0-9]* ms: [0-9]* certificates an hour at most'
    says 'asks for its PIN itself'
    says 'wants the PIN typed before each signature'
    says 'allows one session'
    says '"well":true'
    doctor vi
    says 'không hợp với CA cấp chứng thư'
    [ "$(keys)" = "$before" ] || die "doctor left a key behind"
    expect 0 antin token doctor officer-1 --in officers
    grep -q '^  · ' last.out || die "a person does not see the limits"
    ;;
  nss)
    command -v certutil >/dev/null || { echo "SKIPPED: doctor on NSS softokn: install the package libnss3-tools"; exit 77; }
    expect 0 antin init
    mkdir "$ANTIN_HOME/officers/nss"
    certutil -N -d "sql:$ANTIN_HOME/officers/nss" -f "$ANTIN_HOME/officers/pins/officer-1.pin"
    officers_have "module = \"$ANTIN_TOKEN_MODULE\"" \
      "module_arguments = \"configdir='sql:{home}/officers/nss' certPrefix='' keyPrefix='' secmod='' flags=noModDB dbTokenDescription='officer-1'\""
    expect 0 antin token keygen officer-1 k1
    doctor
    says '"well":true'
    says '"keys":1'
    says_not 'opens backups'
    doctor
    [ "$(keys)" = 1 ] || die "doctor left a key behind"
    printf '00000000' >"$ANTIN_HOME/officers/pins/officer-1.pin"
    wanted=5 doctor
    says CKR_PIN_INCORRECT
    ;;
  tpm2)
    expect 0 antin init
    mkdir "$ANTIN_HOME/officers/tpm2"
    officers_have "module = \"$ANTIN_TOKEN_MODULE\"" 'module_environment.TPM2_PKCS11_STORE = "{home}/officers/tpm2"'
    SO=4711-0815 expect 0 antin token init officer-1 --in officers --so-pin env:SO
    expect 0 antin token keygen officer-1 k1
    doctor
    says '"well":true'
    says 'it makes no RSA keys that sign and do nothing else'
    says 'its officer cannot be one who opens backups'
    says 'it makes no Ed25519 keys'
    says_not P-256
    [ "$(keys)" = 1 ] || die "doctor left a key behind"
    doctor vi
    says 'không mở được bản sao lưu'
    expect 1 antin token keygen officer-1 k2 --key rsa-3072
    grep -q 'tpm2-pkcs11 signs with RSA by decrypting' last.err || { cat last.err >&2; die "RSA is refused without a reason"; }
    ;;
esac
