# A ceremony by a file, killed at moments spread over everything that it writes (half of them: killed again on the way back), is finished by
# the same command: nothing twice, one transcript that holds, one end in the log. ANTIN_KILL_RUNS / 5 moments for the root's and as many for
# the government's, which certifies the officers and ends the home.
samples=$(realpath "$3")
source "$(dirname "$0")/killed.sh"
cp "$samples"/*.toml .
sed -i 's/"rsa-3072"/"p256"/' root.toml
digest() { sha256sum "$1.toml" | cut -d' ' -f1; }
run=(ceremony run)
held() { echo "$1.toml --sha256 $(digest "$1")"; }
many=$((${ANTIN_KILL_RUNS:-100} / 5 + 1))

# steps_of NAME: acts and owners of its transcript, in their order.
steps_of() { python3 -c 'import json,sys; print([(s["act"], s["of"]) for s in json.load(open(sys.argv[1]))["steps"]])' "$ANTIN_HOME/ceremonies/$1.json"; }
finished() {
  expect 0 antin "${run[@]}" $(held "$1")
  expect 4 antin ceremony verify "$1"
  [ "$(steps_of "$1")" = "$wanted" ] || { steps_of "$1" >&2; die "$moment: steps are missing or there twice"; }
  [ ! -e "$ANTIN_HOME/ceremonies/$1.draft.json" ] || die "$moment: the draft is left"
  for type in begin transcript; do
    [ "$(antin log show | { grep -F "\"type\":\"ceremony.$type\"" || true; } | { grep -cF "\"ceremony\":\"$1\"" || true; })" = 1 ] || die "$moment: ceremony.$type is not there once"
  done
  lists_are_recorded
}
# killed_often NAME: HOME is a copy of $before each time.
killed_often() {
  local name=$1 total
  again
  changes_of all.log "${run[@]}" $(held "$name")
  wanted=$(steps_of "$name")
  total=$(wc -l <all.log)
  points all.log "$many" >points
  echo "$name: $(wc -l <points) of $total changes"
  for at in $(cat points); do
    again
    killed_at "$at" "${run[@]}" $(held "$name")
    [ $((at % 2)) = 0 ] || killed_at $((1 + RANDOM % total)) "${run[@]}" $(held "$name")
    finished "$name"
    counted "$name"
  done
  wanted_kills=$((${wanted_kills:-0} + $(wc -l <points)))
}
again() {
  rm -rf "$ANTIN_HOME"
  [ ! -e "$work/before" ] || cp -r "$work/before" "$ANTIN_HOME"
}
counted() {
  [ "$1" = government ] || return 0
  expect 0 antin log verify
  [ "$(antin cert list --json | grep -o '"kind":"[a-z]*"' | sort | uniq -c | tr -s ' ' | tr '\n' ';')" = ' 2 "kind":"issuing"; 3 "kind":"officer"; 1 "kind":"root"; 1 "kind":"service";' ] \
    || { antin cert list >&2; die "$moment: certificates do not count up"; }
  [ "$(antin log show | grep -cF '"type":"ceremony"}')" = 1 ] || [ "$(antin log show | grep -cF '"type":"ceremony",')" = 1 ] || die "$moment: the home's ceremony has not one end"
}

killed_often root
expect 0 antin "${run[@]}" $(held party)
cp -r "$ANTIN_HOME" "$work/before"
killed_often government
enough_landed "$wanted_kills"
