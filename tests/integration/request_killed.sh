# `request collect` and `request export` killed at moments spread over everything that they write: what is marked as exported is on disk,
# whole; nothing is collected in part; the next run finishes, and the log is that of the store.
source "$(dirname "$0")/killed.sh"
rounds=$((${ANTIN_KILL_RUNS:-100} * 2 / 5))
[ "$rounds" -gt 0 ] || rounds=1
to='NƠI CẤP THỬ'
expect 0 antin init
cp -r "$ANTIN_HOME" fresh
expect 0 antin roster sample --rows 12 -o roster.jsonl
python3 - <<'PY'
import json
lines = [json.loads(line) for line in open("roster.jsonl", encoding="utf-8")]
rows = [row for row in lines[1:] if row["key"] == "csr"]
for i, row in enumerate(rows, 1): row["row"] = i
open("outside.jsonl", "w", encoding="utf-8").write("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in lines[:1] + rows))
PY
rows=$(($(wc -l <outside.jsonl) - 1))
counted() { antin request list --state "$1" --json | { grep -o '"id"' || true; } | wc -l; }
request_collect=(request collect outside.jsonl --authority "$to")
export_to() { request_export=(request export --authority "$to" -o "$ANTIN_HOME/out/$1"); }
export_to first
changes_of collect.log "${request_collect[@]}"
changes_of export.log "${request_export[@]}"
for log in collect export; do
  points $log.log "$rounds" >$log.points
  echo "$log: $(wc -l <$log.points) of $(wc -l <$log.log) changes"
done
rounds=$(for step in collect export; do wc -l <$step.points; done | sort -n | tail -1)
point() { sed -n "$((($2 - 1) % $(wc -l <"$1.points") + 1))p" "$1.points"; }
for round in $(seq "$rounds"); do
  rm -rf "$ANTIN_HOME"
  cp -r fresh "$ANTIN_HOME"
  killed_at "$(point collect "$round")" "${request_collect[@]}"
  got=$(counted collected)
  [ "$got" = 0 ] || [ "$got" = "$rows" ] || die "$moment: $got of $rows collected"
  expect 0 antin "${request_collect[@]}"
  [ "$(counted collected)" = "$rows" ] || die "$moment: not all collected"
  killed_at "$(point export "$round")" "${request_export[@]}"
  got=$(counted exported)
  if [ "$got" = 0 ]; then
    # Its folder may be there, whole: killed between the two.
    export_to second
    expect 0 antin "${request_export[@]}"
    export_to first
  else
    [ "$got" = "$rows" ] || die "$moment: $got of $rows exported"
    [ -d "$ANTIN_HOME/out/first" ] || die "$moment: marked and not there"
  fi
  for folder in first second; do
    [ -d "$ANTIN_HOME/out/$folder" ] || continue
    [ "$(ls "$ANTIN_HOME/out/$folder/csr" | wc -l)" = "$rows" ] || die "$moment: $folder is not whole"
    python3 -c 'import json,sys; json.load(open(sys.argv[1]))' "$ANTIN_HOME/out/$folder/requests.json" || die "$moment: the list of $folder"
  done
  [ "$(counted exported)" = "$rows" ] || die "$moment: not all exported"
  expect 0 antin log verify
done
enough_landed $((rounds * 3 / 2))
