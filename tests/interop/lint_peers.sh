# pkilint and zlint find no error in what is issued: a certificate of every profile under two kinds of CA keys, and what
# stands in a fresh home with its three lists. Both are installed into a folder that goes away; where they cannot be, that is said.
source "$(dirname "$0")/../integration/home.sh"
each=$(realpath "$2")
skip() { echo "SKIPPED ALOUD: $*"; exit 77; }
{ python3 -m venv peers && peers/bin/pip install -q pkilint==0.13.3; } >pip.log 2>&1 || { tail -3 pip.log; skip "pkilint cannot be installed"; }
GOBIN=$work/peers/bin GOPATH=$work/go GOFLAGS=-modcacherw go install github.com/zmap/zlint/v3/cmd/zlint@v3.7.3 >go.log 2>&1 ||
  { tail -3 go.log; skip "zlint cannot be installed"; }

checked=0
# pkilint_says CERT-OR-CRL FILE OPTION…: no finding of an error or worse.
pkilint_says() {
  local program=$1 file=$2
  shift 2
  "peers/bin/$program" lint "$@" -s ERROR "$file" >said 2>&1 || { cat said >&2; die "pkilint finds errors in $file"; }
}
zlint_says() {
  local file=$1 form=$2
  shift 2
  peers/bin/zlint -format "$form" "$@" "$file" >said 2>&1 || { cat said >&2; die "zlint cannot read $file"; }
  if grep -oE '"[ef]_[a-z0-9_]+":\{"result":"(error|fatal)"' said >&2; then die "zlint finds errors in $file"; fi
}
# Left out is what binds publicly trusted authorities alone: the S/MIME baseline wants policies that we may not claim, and browsers
# want public host names and short lives of TLS servers.
browsers=CABF_BR,CABF_EV,CABF_CS_BR,CABF_SMIME_BR,Mozilla,Apple,Chrome
# certificate_says FILE [ZLINT-SOURCES-LEFT-OUT]
certificate_says() {
  local file=$1
  expect 0 antin lint cert "$file"
  pkilint_says lint_pkix_cert "$file"
  zlint_says "$file" pem -excludeSources "${2:-CABF_SMIME_BR}"
  checked=$((checked + 1))
}
list_says() {
  expect 0 antin lint crl "$2"
  pkilint_says lint_crl "$2" -t "$1" -p PKIX
  openssl crl -inform DER -in "$2" -out list.pem
  zlint_says list.pem pem
  checked=$((checked + 1))
}

mkdir each
"$each" each
for file in each/*.pem; do
  case $file in
    */device-*) certificate_says "$file" "$browsers" ;;
    *) certificate_says "$file" ;;
  esac
done

approved_roster 12
expect 0 antin roster issue roster.jsonl
expect 0 antin cert revoke 930.91.90.H36-01 --requested-by 000.00.90.H36 --reason keyCompromise
openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout may.key -out may.csr -subj /CN=may 2>/dev/null
device() { antin cert device --csr may.csr --dns may-1.lamdong.test --organisation "DỮ LIỆU GIẢ LẬP" --requested-by 000.00.90.H36 -o chain.pem; }
expect 4 device
for officer in officer-1 officer-2; do expect 0 antin roster approve "device may-1.lamdong.test" --officer $officer; done
expect 0 device
openssl x509 -in chain.pem -out may.pem
certificate_says may.pem "$browsers"
expect 0 antin crl build
expect 0 antin cert export --all --out certs
for file in "$ANTIN_HOME"/out/ca/*.pem certs/*.pem; do
  openssl x509 -in "$file" -out one.pem
  cmp -s one.pem may.pem || certificate_says one.pem
done
list_says ARL "$ANTIN_HOME/out/crl/root.crl"
for name in party government; do list_says CRL "$ANTIN_HOME/out/crl/$name.crl"; done
[ "$checked" -ge 40 ] || die "only $checked were looked at"
echo "pkilint and zlint find no error in $checked certificates and lists"
