# The authority: started, a roster of 3,143 issued after two approvals, some revoked, CRLs published.

roster=
roster_hash=

make_roster() { antin roster sample --leader-token -o "$roster"; }
submit_roster() { roster_hash=$(antin roster submit "$roster" --json | json roster) && note=${roster_hash:0:16}…; }
approve_roster() {
  expect 4 antin roster status "$roster_hash" >/dev/null
  antin roster approve "$roster_hash" --officer officer-1
  antin roster approve "$roster_hash" --officer officer-2
}
issue_roster() {
  antin roster issue "$roster_hash"
  # Asked again, nothing is issued twice.
  [ "$(antin roster issue "$roster_hash" --json | json issued)" = 0 ]
  note=$(antin roster status "$roster_hash" --json | json issued)
}
export_certificates() {
  antin cert export --all --out "$home/out/certs" && note=$(find "$home/out/certs" -name '*.pem' | wc -l)
}

# Codes from the roster: code_of KIND BLOC N, counted from the end (0 is the last).
code_of() {
  python3 - "$roster" "$@" <<'PY'
import json, sys
rows = [json.loads(line) for line in open(sys.argv[1], encoding="utf-8")][1:]
print([r["code"] for r in rows if (r["kind"], r["bloc"]) == (sys.argv[2], sys.argv[3])][-1 - int(sys.argv[4])])
PY
}

# While its certificate is good a body signs a file, which is judged again after the body was dissolved.
sign_before_dissolution() {
  dissolved=$(code_of organisation government 0)
  cp "$work/papers/notes.txt" "$work/dissolved.txt"
  antin sign "$work/dissolved.txt" --signer "$dissolved" --format cades -o "$work/dissolved.p7s"
}

revoke_some() {
  local n
  for n in 3 17 40; do
    antin cert revoke "$(code_of personal government $n)" --requested-by 000.00.90.H36 --reason affiliationChanged --remark "nghỉ hưu, chuyển công tác (dữ liệu giả lập)"
  done
  antin cert revoke "$(code_of personal party 5)" --requested-by 945.90.90.H36 --reason affiliationChanged --remark "chuyển công tác (dữ liệu giả lập)"
  antin cert revoke "$dissolved" --requested-by 000.00.90.H36 --reason cessationOfOperation --remark "đơn vị giải thể (dữ liệu giả lập)"
  lost=$(code_of personal party 11) found=$(code_of personal party 12)
  # No decree has a suspension of certificates; this demo's authority allows it.
  sed -i 's/^suspension = false/suspension = true/' "$home/antin.toml"
  antin cert suspend "$lost" "$found" --remark "báo mất thiết bị (dữ liệu giả lập)"
  antin cert resume "$found" --remark "đã tìm thấy thiết bị (dữ liệu giả lập)"
  antin cert revoke "$lost" --requested-by 945.90.90.H36 --reason keyCompromise --remark "không tìm thấy thiết bị (dữ liệu giả lập)"
  note=6
}

build_crls() {
  antin crl build
  local name
  for name in root party government; do antin crl verify "$name" >/dev/null; done
  note=3
}

issue_certificates() {
  roster=$work/roster.jsonl
  step "Viết văn bản mẫu" "Write the sample papers" python3 scripts/demo.d/papers.py "$work/papers"
  step "Khởi tạo cơ quan chứng thực: CA gốc, hai CA cấp phát, hai cán bộ duyệt" "Start the authority: root, two issuing CAs, two officers" antin init
  step "Lập danh sách 3.143 thuê bao (778 tổ chức, 2.365 cá nhân)" "Make the roster of 3,143 (778 organisations, 2,365 persons)" make_roster
  step "Kiểm tra danh sách" "Check the roster" antin roster check "$roster"
  step "Nộp danh sách, tạo khóa trong token" "Submit it; keys made inside the token" submit_roster
  step "Hai cán bộ duyệt" "Two officers approve" approve_roster
  step "Cấp chứng thư" "Issue the certificates" issue_roster
  step "Xuất chứng thư" "Export the certificates" export_certificates
  step "Một đơn vị sắp giải thể ký một tệp" "A body that is about to be dissolved signs a file" sign_before_dissolution
  step "Thu hồi, tạm dừng, khôi phục" "Revoke, suspend, resume" revoke_some
  step "Lập và công bố ba CRL" "Build and publish three CRLs" build_crls
}
