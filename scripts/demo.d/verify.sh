# Good documents pass; each bad one is refused with its reason, by the command line and by the API alike.

bad=()

# refused FILE INDICATION SUB_INDICATION [MORE OPTIONS OF verify …]: exit code 3 and exactly that verdict.
refused() {
  local file=$1 indication=$2 sub=$3 report
  shift 3
  report=$(expect 3 antin verify "$file" --json "$@")
  [ "$(json indication <<<"$report")" = "$indication" ] || { echo "$file: $report" >&2; return 1; }
  python3 -c 'import json, sys
report = json.load(sys.stdin)
sys.exit(0 if sys.argv[1] in [s["sub_indication"] for s in report["signatures"]] else 1)' "$sub" <<<"$report" ||
    { echo "$file: no $sub: $report" >&2; return 1; }
  expect 3 antin verify "$file" "$@"
  bad+=("$(basename "$file"): $indication / $sub")
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
  refused "$work/changed-byte.pdf" TOTAL-FAILED HASH_FAILURE
  refused "$work/changed-manifest.asice" TOTAL-FAILED HASH_FAILURE
  local report
  report=$(expect 3 antin verify "$work/added-page.pdf" --json)
  [ "$(json indication <<<"$report")" = TOTAL-FAILED ]
  grep -q '"changes":"forbidden"' <<<"$report"
  expect 3 antin verify "$work/added-page.pdf"
  bad+=("added-page.pdf: TOTAL-FAILED / changes: forbidden")
  refused "$work/dissolved.p7s" INDETERMINATE REVOKED_NO_POE --detached "$work/dissolved.txt"
  refused "$work/stranger.p7s" INDETERMINATE NO_CERTIFICATE_CHAIN_FOUND --detached "$work/papers/notes.txt"
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
  note="3 + 5"
}

verify_documents() {
  step "Kiểm tra tài liệu tốt" "Verify the good documents" good_by_cli
  step "Kiểm tra tài liệu xấu: mỗi cái bị từ chối với lý do" "Verify the bad ones: each refused with its reason" bad_by_cli
  step "Kiểm tra lại qua API" "Verify all of them again by the API" verify_by_api
  step "Kiểm tra nhật ký" "Verify the log" antin log verify
}
