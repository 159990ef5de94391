# The end: summary.json, the table, and the daemon left running when asked for.

write_summary() {
  DEMO_MS=$((job_ended - job_began)) python3 - "$home" "$(printf '%s\n' "${step_names[@]}")" "$(printf '%s\n' "${step_times[@]}")" \
    "$(printf '%s\n' "${step_notes[@]}")" "$(printf '%s\n' "${bad_json[@]}")" <<'PY'
import json, os, pathlib, sys
home = pathlib.Path(sys.argv[1])
names, times, notes = (text.split("\n") for text in sys.argv[2:5])
notes += [""] * (len(names) - len(notes))
out = home / "out"
summary = {
    "format": "antin-demo-1",
    "seconds": int(os.environ["DEMO_MS"]) / 1000,
    "steps": [{"name": n, "seconds": int(t) / 1000, "note": o} for n, t, o in zip(names, times, notes)],
    "refused": [{k: v for k, v in json.loads(line).items() if k != "line"} for line in sys.argv[5].split("\n")],
    "files": {kind: len(list(out.glob(pattern))) for kind, pattern in
              {"certificates": "certs/*.pem", "ca": "ca/*.pem", "crls": "crl/*.crl", "pdf": "signed/*.pdf", "cades": "signed/*.p7s", "dossiers": "dossiers/*.asice"}.items()},
}
(out / "summary.json").write_text(json.dumps(summary, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
PY
}

closing_table() {
  local i line
  echo
  say "Đã làm xong:" "Done:"
  for i in "${!step_names[@]}"; do
    printf '  %7s s  %s%s\n' "$(seconds_of "${step_times[$i]}")" "${step_names[$i]}" "${step_notes[$i]:+: ${step_notes[$i]}}"
  done
  printf '  %7s s  ' "$(seconds_of $((job_ended - job_began)))"
  say "tổng cộng, không kể biên dịch" "in all, without the build"
  say "Bị từ chối, đúng như phải thế:" "Refused, as they must be:"
  for line in "${bad[@]}"; do echo "  $line"; done
  say "Khóa là P-256; mười cơ quan và mười lãnh đạo dùng RSA-2048, loại mà thực tế hiện nay đọc được." \
    "Keys are P-256; ten bodies and ten leaders use RSA-2048, which is what the field reads today."
  say "Kết quả ở $home/out" "The results are in $home/out"
}

serve_until_interrupted() {
  echo
  say "antind đang chạy ở $service. Token thử nghiệm: $api_token" "antind is running at $service. Sandbox token: $api_token"
  say "Dán thử (Ctrl-C để dừng):" "Paste these (Ctrl-C to stop):"
  cat <<LINES
  curl -fsS -H 'Authorization: Bearer $api_token' -F signer=$organisation -F format=pades -F 'file=@$work/papers/letter.pdf;type=application/pdf' $service/v1/sign -o /tmp/signed.pdf
  curl -sS -H 'Authorization: Bearer $api_token' -F 'file=@$home/out/signed/letter.pdf;type=application/pdf' $service/v1/verify
  curl -fsS $service/v1/crl/government -o /tmp/government.crl
LINES
  wait "$daemon_pid" || true
}
