# Many programs at once on one home and its tokens: eight verify, the roster is issued (by three, of whom each takes what is left), antind
# signs for a document system, lists are built. Every one ends well, nothing is issued twice, and every signature made meanwhile is good.
source "$(dirname "$0")/home.sh"
daemon=$(realpath "$2")
approved_roster 12
expect 0 antin roster issue roster.jsonl
expect 0 antin crl build
expect 0 antin roster sample --rows 400 --seed 7 -o large.jsonl
sed -i '1s/"name":"/"name":"second /' large.jsonl
# Not the subscribers of the first roster again: other codes and mails.
/usr/bin/python3 - <<'PY'
import json
lines = open("large.jsonl", encoding="utf-8").read().splitlines()
rows = [json.loads(line) for line in lines[1:]]
for row in rows:
    row["code"] = "B." + row["code"]
    if "mail" in row["fields"]:
        row["fields"]["mail"] = "b-" + row["fields"]["mail"]
open("large.jsonl", "w", encoding="utf-8").write("\n".join([lines[0]] + [json.dumps(row, ensure_ascii=False) for row in rows]) + "\n")
PY
expect 0 antin roster submit large.jsonl
for officer in officer-1 officer-2; do expect 0 antin roster approve large.jsonl --officer $officer; done
echo "nội dung" >file.txt
seal=930.91.90.H36
expect 0 antin sign file.txt --signer $seal --format cades -o file.p7s
token=$(antin system add demo --signer $seal)
"$daemon" --listen 127.0.0.1:0 --port-file port 2>daemon.log &
served=$!
for _ in $(seq 200); do [ -s port ] && break; sleep 0.05; done
service=http://127.0.0.1:$(cat port)

pids=()
for i in 1 2 3; do antin roster issue large.jsonl >"issue.$i" 2>&1 & pids+=($!); done
for i in 1 2 3 4 5 6 7 8; do { for n in 1 2 3; do antin verify file.p7s --detached file.txt >"verify.$i" 2>&1 || exit 1; done; } & pids+=($!); done
for i in 1 2 3; do
  { for n in 1 2 3 4 5; do
      curl -fsS -o "signed.$i.$n.p7s" -H "Authorization: Bearer $token" -F signer=$seal -F file=@file.txt -F format=cades "$service/v1/sign" 2>"curl.$i" || exit 1
    done; } & pids+=($!)
done
for i in 1 2; do antin crl build >"crl.$i" 2>&1 & pids+=($!); done
antin token doctor >doctor 2>&1 & pids+=($!)
for pid in "${pids[@]}"; do wait "$pid" || { cat issue.* verify.* crl.* curl.* doctor daemon.log >&2; die "one of them failed"; }; done

for kind in personal organisation; do
  wanted=$(cat roster.jsonl large.jsonl | grep -cE "\"kind\": ?\"$kind\"")
  [ "$(antin cert list --kind $kind --json | grep -o '"id"' | wc -l)" = "$wanted" ] || die "$kind certificates do not count up to $wanted"
done
[ "$(antin cert list --json | grep -o '"serial":"[0-9A-F]*"' | sort | uniq -d | wc -l)" = 0 ] || die "a serial stands twice"
expect 0 antin log verify
for name in root party government; do expect 0 antin crl verify "$name"; done
[ "$(ls signed.*.p7s | wc -l)" = 15 ] || die "antind signed less than it was asked to"
for signed in signed.*.p7s; do expect 0 antin verify "$signed" --detached file.txt; done
kill -TERM "$served"
wait "$served" || die "antind did not end well"
