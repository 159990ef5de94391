# Signing through antind, as a document system would: HTTP on loopback with an API token that may use two keys.

organisation=930.91.90.H36
leader=930.91.90.H36-01
dossier=000.00.99.H36-221228-0001
service=
api_token=

start_daemon() {
  api_token=$(command antin --home "$home" system add demo --signer "$leader" --signer "$organisation")
  command antind --home "$home" --listen 127.0.0.1:0 --port-file "$work/port" >"$work/antind.log" 2>&1 9>&- &
  daemon_pid=$!
  local i
  for ((i = 0; i < 100; ++i)); do
    if [ -s "$work/port" ] && curl -fsS -o /dev/null "http://127.0.0.1:$(<"$work/port")/readyz" 2>/dev/null; then
      service=http://127.0.0.1:$(<"$work/port")
      note=$service
      return 0
    fi
    kill -0 "$daemon_pid" 2>/dev/null || { cat "$work/antind.log" >&2; return 1; }
    sleep 0.05
  done
  cat "$work/antind.log" >&2
  return 1
}

# api PATH OUT FORM…: a POST that says what went wrong when it fails.
api() {
  local path=$1 out=$2 code
  shift 2
  code=$(curl -sS -o "$out" -w '%{http_code}' -H "Authorization: Bearer $api_token" -H "Idempotency-Key: demo-$path-$(basename "$out")" "$@" "$service$path")
  [ "$code" = 200 ] || [ "$code" = 201 ] || { echo "$path: HTTP $code: $(head -c 600 "$out")" >&2; return 1; }
}

# api_verify FILE [DETACHED [LANGUAGE]]
api_verify() {
  local more=()
  [ -z "${2:-}" ] || more=(-F "detached=@$2")
  curl -sS -H "Accept-Language: ${3:-$lang}" -H "Authorization: Bearer $api_token" -F "file=@$1" "${more[@]}" "$service/v1/verify"
}

sign_letter() {
  api /v1/sign "$work/leader.pdf" -F "signer=$leader" -F format=pades -F "file=@$work/papers/letter.pdf;type=application/pdf"
  api /v1/sign "$home/out/signed/letter.pdf" -F "signer=$organisation" -F format=pades -F "file=@$work/leader.pdf;type=application/pdf"
}

sign_detached() {
  cp "$work/papers/notes.txt" "$home/out/signed/notes.txt"
  api /v1/sign "$home/out/signed/notes.txt.p7s" -F "signer=$organisation" -F format=cades -F "file=@$home/out/signed/notes.txt;type=text/plain"
}

sign_dossier() {
  local file files=()
  for file in "$work"/papers/dossier/*; do files+=(-F "file=@$file"); done
  api /v1/dossiers "$home/out/dossiers/$dossier.asice" -F "signer=$organisation" -F "dossier=$dossier" "${files[@]}"
  note=$((${#files[@]} / 2))
}

sign_documents() {
  antin cert show "$organisation" --json | json pem >"$work/signer.pem"
  step "Chạy antind trên loopback, cấp token API" "Run antind on loopback; make an API token" start_daemon
  step "Công văn: lãnh đạo ký, cơ quan đóng dấu" "A letter: signed by the leader, sealed by the organisation" sign_letter
  step "Chữ ký rời cho một tệp" "A detached signature for a file" sign_detached
  step "Hồ sơ $dossier, năm tệp" "The dossier $dossier of five files" sign_dossier
}
