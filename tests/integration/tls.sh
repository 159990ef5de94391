# The installed antind, as a user of its own in one network namespace, serves TLS to a document system in another: good calls pass, old
# protocols, plain HTTP and clients without a certificate do not. The namespaces are this test's own.
source "$(dirname "$0")/home.sh"
build=$(realpath "$2")
server=antin-s$$ client=antin-c$$
if [ "$(id -u)" != 0 ] || ! ip netns add "$server" 2>/dev/null; then
  echo "SKIPPED ALOUD: network namespaces need root"
  exit 77
fi
ip netns add "$client"
trap 'status=$?; kill $(jobs -p) 2>/dev/null || true; ip netns del "$server" || true; ip netns del "$client" || true; rm -rf "$work"; exit $status' EXIT
ip link add "v$$s" netns "$server" type veth peer name "v$$c" netns "$client"
# `ip netns exec` and `ip -n` mount things anew, which a root that is no mount point does not allow.
inside() { local where=$1; shift; nsenter --net="/run/netns/$where" "$@"; }
inside "$server" ip addr add 10.213.7.1/24 dev "v$$s"
inside "$client" ip addr add 10.213.7.2/24 dev "v$$c"
for end in "$server v$$s" "$client v$$c"; do inside ${end% *} ip link set "${end#* }" up; inside ${end% *} ip link set lo up; done

approved_roster 12
expect 0 antin roster issue roster.jsonl
expect 0 antin crl build
# request NAME: a key and a request for it, made where it will be used.
request() { openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$1.key" -out "$1.csr" -subj "/CN=$1" 2>/dev/null; }
device() { antin cert device --csr "$1.csr" --dns "$1" --organisation "DỮ LIỆU GIẢ LẬP" --requested-by 000.00.90.H36 -o "$1.pem"; }
# approve NAME: both officers, the request that waits.
approve() { for officer in officer-1 officer-2; do expect 0 antin roster approve "device $1" --officer $officer; done; }
name=signer.lamdong.test
request $name
expect 0 antin cert device --csr $name.csr --dns $name --organisation X --requested-by 000.00.90.H36 -o $name.pem --dry-run
expect 4 device $name
[ ! -e $name.pem ] || die "nobody approved, and there is a certificate"
expect 0 antin roster approve "device $name" --officer officer-1
expect 4 device $name
expect 0 antin roster approve "device $name" --officer officer-2
expect 0 device $name
expect 0 antin log verify --certificate $name.pem
first=$(openssl x509 -in $name.pem -noout -serial)
expect 0 device $name
[ "$first" = "$(openssl x509 -in $name.pem -noout -serial)" ] || die "the same request gave another certificate"
expect 3 antin cert device --csr $name.csr --dns other.lamdong.test --organisation X --requested-by 000.00.90.H36 -o other.pem
[ ! -e other.pem ] || die "a refused request left a file"
# One with root's rights and the issuing key's PIN can sign, and nobody who asks the log believes it.
request stranger.lamdong.test
openssl x509 -req -in stranger.lamdong.test.csr -signkey stranger.lamdong.test.key -out stranger.pem 2>/dev/null
expect 3 antin log verify --certificate stranger.pem
expect 1 antin cert device --csr $name.csr --dns 'Bad Name' --organisation X --requested-by 000.00.90.H36 -o other.pem
openssl verify -CAfile "$ANTIN_HOME/out/ca/root.pem" -untrusted $name.pem -purpose sslserver -verify_hostname $name $name.pem >/dev/null || die "openssl refuses the device's certificate"
request system.lamdong.test
expect 4 device system.lamdong.test
approve system.lamdong.test
expect 0 device system.lamdong.test

# The home as the daemon's user may see it: no token of the CA, none of the officers.
DESTDIR=$work/root cmake --install "$build" >/dev/null
installed=$(find "$work/root" -path '*/bin/antind')
mkdir reach
cp -r "$ANTIN_HOME/service" "$ANTIN_HOME/store" "$ANTIN_HOME/out" "$ANTIN_HOME/antin.toml" reach/
cp $name.pem reach/tls.pem
install -m 600 $name.key reach/tls.key
token=$(ANTIN_HOME=$work/reach antin system add demo --signer 930.91.90.H36)
chown -R 65534:65534 reach
chmod 755 "$work"
cat >listen.toml <<'TOML'
[listen]
address = "10.213.7.1:8443"
tls_certificate = "tls.pem"
tls_key = "tls.key"
TOML
sed -i '/^\[listen\]/,/^$/d' reach/antin.toml
cat listen.toml >>reach/antin.toml

as_service=(nsenter --net="/run/netns/$server" setpriv --reuid 65534 --regid 65534 --clear-groups env ANTIN_HOME="$work/reach" "$installed")
serve() {
  "${as_service[@]}" --port-file "$work/reach/port" "$@" 2>daemon.log &
  pid=$!
  for _ in $(seq 200); do [ -s reach/port ] && break; kill -0 "$pid" 2>/dev/null || { cat daemon.log >&2; die "antind ended"; }; sleep 0.05; done
}
stop() { kill -TERM "$pid"; local ended=0; wait "$pid" || ended=$?; rm -f reach/port; [ "$ended" = 0 ] || die "antind ended with $ended"; }
call() { inside "$client" curl -sS --cacert "$ANTIN_HOME/out/ca/root.pem" --resolve "$name:8443:10.213.7.1" "$@"; }
s_client() { inside "$client" openssl s_client -connect 10.213.7.1:8443 -servername $name -CAfile "$ANTIN_HOME/out/ca/root.pem" "$@" </dev/null 2>&1; }
base=https://$name:8443
auth=(-H "Authorization: Bearer $token" -F signer=930.91.90.H36)

chmod 644 reach/tls.key
refused=0; "${as_service[@]}" 2>daemon.log || refused=$?
[ "$refused" = 3 ] && grep -q 'chmod 600' daemon.log || { cat daemon.log >&2; die "a key that others can read was taken"; }
chmod 600 reach/tls.key
serve
echo "nội dung" >file.txt
call -f -o file.p7s "${auth[@]}" -F file=@file.txt -F format=cades "$base/v1/sign" || die "signing over TLS"
expect 0 antin verify file.p7s --detached file.txt
call -f -o report -H "Authorization: Bearer $token" -F file=@file.p7s -F detached=@file.txt "$base/v1/verify" || die "verifying over TLS"
grep -q TOTAL-PASSED report || die "not passed"
for version in tls1_2 tls1_3; do s_client -$version | grep -q 'Verify return code: 0' || die "$version was refused"; done
! s_client -tls1_1 -cipher 'ALL:@SECLEVEL=0' | grep -q 'Cipher is [A-Z]' || die "TLS 1.1 was accepted"
! s_client -tls1_2 -cipher 'AES128-SHA:AES256-SHA:ECDHE-ECDSA-AES128-SHA' | grep -q 'Cipher is [A-Z]' || die "a cipher without AEAD was accepted"
! call -f -o /dev/null "http://$name:8443/livez" 2>/dev/null || die "plain HTTP on the TLS port"
stop

serve --tls-certificate "$work/reach/tls.pem" --tls-key "$work/reach/tls.key" --tls-client-ca "$ANTIN_HOME/out/ca/government.pem"
! call -f -o /dev/null "$base/livez" 2>/dev/null || die "a client without a certificate was served"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout wrong.key -out wrong.pem -days 2 -subj /CN=stranger 2>/dev/null
! call -f -o /dev/null --cert wrong.pem --key wrong.key "$base/livez" 2>/dev/null || die "a client with a stranger's certificate was served"
call -f -o /dev/null --cert system.lamdong.test.pem --key system.lamdong.test.key "$base/livez" || die "a client with our certificate was refused"
stop

# Plain HTTP stays on loopback.
sed -i '/^tls_/d' reach/antin.toml
refused=0; "${as_service[@]}" 2>daemon.log || refused=$?
[ "$refused" = 3 ] && grep -q 'is not loopback' daemon.log || { cat daemon.log >&2; die "plain HTTP was served to a network"; }
