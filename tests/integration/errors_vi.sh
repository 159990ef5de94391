# What goes wrong outside of a command's words (tokens, other processes, the clock, hostile files) is said in Vietnamese, wholly.
source "$(dirname "$0")/home.sh"
daemon=$(realpath "$2") faults=$(realpath "$3") softhsm2=$(realpath "$4")
antin() { "$program" --lang vi "$@"; }

# vietnamese CODE WORDS COMMAND…: ends with the code, says the words, and no English word is left but for names and commands.
vietnamese() {
  local wanted=$1 words=$2
  shift 2
  expect "$wanted" "$@"
  grep -q "^antin: lỗi: .*$words" last.err || { cat last.err >&2; die "not said: $words"; }
  ! grep '^antin: lỗi: \|^  gợi ý: ' last.err | sed "s/\`[^\`]*\`//g; s/credential, fd, env//" |
    grep -wE 'the|is|are|not|cannot|of|and|was|run|by|this|it|there|already|with' || die "English is left: $*"
}

approved_roster 6
cp "$ANTIN_HOME/antin.toml" kept.toml
sed -i "s|^softhsm2 = \"ca\"|module = \"$faults\"|" "$ANTIN_HOME/antin.toml"
export SOFTHSM2_CONF=$ANTIN_HOME/ca/softhsm2.conf ANTIN_FAULT_WRAPS=$softhsm2
ANTIN_FAULT=locked vietnamese 5 'PIN đã khóa; cán bộ an ninh (SO) phải mở khóa' antin crl build
ANTIN_FAULT=final-try vietnamese 5 'chỉ còn một lần thử PIN' antin crl build
ANTIN_FAULT=device-broken vietnamese 5 'CKR_[A-Z_]* (' antin roster issue roster.jsonl
unset SOFTHSM2_CONF ANTIN_FAULT_WRAPS
cp kept.toml "$ANTIN_HOME/antin.toml"
mv "$ANTIN_HOME/ca/tokens" away && mkdir "$ANTIN_HOME/ca/tokens"
vietnamese 5 'không có token root (không có token nào)' antin crl build
rmdir "$ANTIN_HOME/ca/tokens" && mv away "$ANTIN_HOME/ca/tokens"

# A second job that must be alone is told which process is the first.
"$program" authority run --lang vi 2>authority.log &
pid=$!
for _ in $(seq 200); do [ -S "$ANTIN_HOME/ca/authority.sock" ] && break; sleep 0.05; done
vietnamese 5 "tiến trình $pid đang làm việc này: hãy đợi hoặc dừng nó" antin authority run
vietnamese 1 'không có chứng thư nào mang id, số hiệu, mã hoặc thư điện tử nobody' antin cert revoke nobody --via-authority
kill -TERM "$pid"; wait "$pid" || true
grep -q '^Đã dừng' authority.log || die "authority.log is not in Vietnamese"
vietnamese 5 'không ai trả lời: hãy chạy' antin crl build --via-authority

vietnamese 3 'đồng hồ chạy lùi: bây giờ là 2020-01-01T07:00:00+07:00' antin roster issue roster.jsonl --at 2020-01-01T00:00:00Z
expect 0 antin roster issue roster.jsonl

# Files: cut off, a bomb, and one that this user may not read (root may read everything).
seal=930.91.90.H36
/usr/bin/python3 - <<'PY'
import zlib
stream = zlib.compress(b" " * 400_000_000, 9)
stream = zlib.compress(stream, 9)
body = b"%PDF-1.7\n"
offsets = []
for number, content in enumerate((b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [] /Count 0 >>",
                                  b"<< /Type /ObjStm /N 1 /First 4 /Filter [/FlateDecode /FlateDecode] /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream)), 1):
    offsets.append(len(body))
    body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
xref = len(body)
entries = b"".join(b"\x01" + o.to_bytes(4, "big") + b"\0" for o in offsets)
entries = b"\0\0\0\0\0\0" + entries + b"\x02" + (3).to_bytes(4, "big") + b"\0" + b"\x01" + xref.to_bytes(4, "big") + b"\0"
body += b"5 0 obj\n<< /Type /XRef /Size 6 /W [1 4 1] /Root 4 0 R /Length %d >>\nstream\n%s\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % (len(entries), entries, xref)
open("bomb.pdf", "wb").write(body)
PY
vietnamese 1 'bomb.pdf: PDF: ' antin sign bomb.pdf --signer $seal
head -c 300 bomb.pdf >cut.pdf
vietnamese 1 'tệp bị cắt cụt hoặc thừa ở cuối' antin sign cut.pdf --signer $seal
vietnamese 1 'không phải PDF, chữ ký CMS hay gói ASiC-E' antin verify roster.jsonl
echo x >secret && chmod 000 secret
if [ "$(id -u)" != 0 ]; then vietnamese 1 'secret: mở: không có quyền' antin verify secret; fi
ls *.signed.pdf 2>/dev/null && die "a refused file was signed" || true

# Another user, who has no right to the home's stores and tokens, is told that and not that something is broken.
if [ "$(id -u)" = 0 ] && command -v runuser >/dev/null && runuser -u nobody -- true 2>/dev/null; then
  chmod 755 "$work"
  cp "$program" "$work/antin.copy"
  nobody() { runuser -u nobody -- "$work/antin.copy" --home "$ANTIN_HOME" --lang vi "$@"; }
  chmod 000 secret
  vietnamese 5 'người dùng này không đọc được' nobody cert list
  vietnamese 5 'người dùng này không đọc được' nobody system list
  vietnamese 1 'secret: mở: không có quyền' nobody verify secret
  vietnamese 1 'không có quyền' nobody token list
  ! grep -q 'lỗi của chương trình' last.err || die "a missing right is told as a defect"
fi
