# Good documents pass; each bad one is refused with its reason, by the command line and by the API alike.

bad=()      # one line a document, for the table
bad_json=() # one object a document, for summary.json

# refused FILE INDICATION SUB_INDICATION VIETNAMESE ENGLISH [MORE OPTIONS OF verify …]: exit code 3 and exactly that verdict in
# both languages, each with a reason that holds the words given.
refused() {
  local file=$1 indication=$2 sub=$3 vi en
  local -A words=([vi]=$4 [en]=$5)
  shift 5
  vi=$(expect 3 command antin --home "$home" --lang vi verify "$file" --json "$@")
  en=$(expect 3 command antin --home "$home" --lang en verify "$file" --json "$@")
  bad_json+=("$(python3 scripts/demo.d/refusal.py "$(basename "$file")" "$indication" "$sub" "${words[vi]}" "${words[en]}" "$vi" "$en")")
  bad+=("$(json line <<<"${bad_json[-1]}")")
  expect 3 antin verify "$file" "$@"
}

make_stranger() {
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj "/C=VN/O=NGƯỜI LẠ (DỮ LIỆU GIẢ LẬP)/CN=Người lạ" -utf8 \
    -keyout "$work/stranger.key" -out "$work/stranger.pem" 2>/dev/null
  openssl cms -sign -binary -cades -md sha256 -in "$work/papers/notes.txt" -signer "$work/stranger.pem" -inkey "$work/stranger.key" -outform DER -out "$work/stranger.p7s"
}

good_by_cli() {
  antin verify "$home/out/signed/letter.pdf"
  antin verify "$home/out/signed/notes.txt.p7s" --detached "$home/out/signed/notes.txt"
  antin verify "$home/out/dossiers/$dossier.asice"
  note="3 × TOTAL-PASSED"
}

bad_by_cli() {
  python3 scripts/demo.d/tamper.py byte "$home/out/signed/letter.pdf" "$work/changed-byte.pdf"
  python3 scripts/demo.d/tamper.py page "$home/out/signed/letter.pdf" "$work/added-page.pdf"
  python3 scripts/demo.d/tamper.py manifest "$home/out/dossiers/$dossier.asice" "$work/changed-manifest.asice"
  make_stranger
  refused "$work/changed-byte.pdf" TOTAL-FAILED HASH_FAILURE "đã bị thay đổi sau khi ký" "was changed after signing"
  refused "$work/changed-manifest.asice" TOTAL-FAILED HASH_FAILURE "đã bị thay đổi sau khi ký" "was changed after signing"
  refused "$work/added-page.pdf" TOTAL-FAILED changes=forbidden "bị sửa đổi sau chữ ký này" "was changed after this signature"
  refused "$work/dissolved.p7s" INDETERMINATE REVOKED_NO_POE "đã bị thu hồi" "was revoked" --detached "$work/dissolved.txt"
  refused "$work/stranger.p7s" INDETERMINATE NO_CERTIFICATE_CHAIN_FOUND "không do cơ quan được tin cậy cấp" "does not come from a trusted authority" \
    --detached "$work/papers/notes.txt"
  note="5 × 3"
}

verify_by_api() {
  [ "$(api_verify "$home/out/signed/letter.pdf" | json indication)" = TOTAL-PASSED ]
  [ "$(api_verify "$home/out/signed/notes.txt.p7s" "$home/out/signed/notes.txt" | json indication)" = TOTAL-PASSED ]
  [ "$(api_verify "$home/out/dossiers/$dossier.asice" | json indication)" = TOTAL-PASSED ]
  [ "$(api_verify "$work/changed-byte.pdf" | json indication)" = TOTAL-FAILED ]
  [ "$(api_verify "$work/added-page.pdf" | json indication)" = TOTAL-FAILED ]
  [ "$(api_verify "$work/changed-manifest.asice" | json indication)" = TOTAL-FAILED ]
  [ "$(api_verify "$work/dissolved.p7s" "$work/dissolved.txt" | json indication)" = INDETERMINATE ]
  [ "$(api_verify "$work/stranger.p7s" "$work/papers/notes.txt" | json indication)" = INDETERMINATE ]
  # The same reasons in the language that is asked for.
  api_verify "$work/changed-byte.pdf" "" vi | grep -q "đã bị thay đổi sau khi ký"
  api_verify "$work/changed-byte.pdf" "" en | grep -q "was changed after signing"
  note="3 + 5"
}

verify_documents() {
  step "Kiểm tra tài liệu tốt" "Verify the good documents" good_by_cli
  step "Kiểm tra tài liệu xấu: mỗi cái bị từ chối với lý do" "Verify the bad ones: each refused with its reason" bad_by_cli
  step "Kiểm tra lại qua API" "Verify all of them again by the API" verify_by_api
  step "Kiểm tra nhật ký" "Verify the log" antin log verify
}
