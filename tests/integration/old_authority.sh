# Sourced after home.sh: `old_authority FOLDER COUNT` makes the folder of a real `openssl ca` with so many certificates, serials from 1000 on:
# all valid but the second; `old_ca FOLDER ARGUMENTS…` is that authority. A third argument
# stands in place of its keyUsage.
curve="-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes"
old_ca() { (cd "$1" && shift && openssl ca -config openssl.cnf "$@" 2>openssl.err) || { cat "$1/openssl.err" >&2; die "openssl ca: ${*:2}"; }; }
old_authority() {
  mkdir -p "$1/newcerts"
  cat >"$1/openssl.cnf" <<'CNF'
[ca]
default_ca = this
[this]
database = index.txt
serial = serial
crlnumber = crlnumber
new_certs_dir = newcerts
certificate = cacert.pem
private_key = key.pem
default_md = sha256
default_days = 365
default_crl_days = 30
unique_subject = no
utf8 = yes
policy = any
x509_extensions = leaf
crl_extensions = list
[any]
organizationName = optional
commonName = supplied
[leaf]
basicConstraints = CA:FALSE
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
keyUsage = critical,digitalSignature,nonRepudiation
crlDistributionPoints = URI:http://ca-cu.lamdong.test/ca.crl
[list]
authorityKeyIdentifier = keyid
CNF
  (
    cd "$1"
    : >index.txt
    echo 1000 >serial
    echo 2A >crlnumber
    openssl req -x509 $curve -utf8 -keyout key.pem -out cacert.pem -days 900 -subj '/O=DỮ LIỆU GIẢ LẬP/CN=CA cũ' ${3:--addext keyUsage=critical,keyCertSign,cRLSign} 2>/dev/null
    for i in $(seq "$2"); do
      openssl req $curve -utf8 -keyout "leaf-$i.key" -out leaf.csr -subj "/O=DỮ LIỆU GIẢ LẬP/CN=Nguyễn Văn Thử $i" 2>/dev/null
      days=365
      [ "$i" != 2 ] || days='365 -startdate 20200101000000Z -enddate 20210101000000Z'
      openssl ca -config openssl.cnf -batch -in leaf.csr -notext -days $days -out last.pem 2>openssl.err || { cat openssl.err >&2; exit 1; }
    done
  )
}
