# A home of the oldest version, whose migration is killed at moments spread over everything that it writes: the store is of the old version
# or of the new one and whole, and the next run ends it. Before that it is tried on a copy, which changes nothing.
source "$(dirname "$0")/killed.sh"
kept=$(realpath "$3")
rounds=$((${ANTIN_KILL_RUNS:-100} / 5))
[ "$rounds" -gt 0 ] || rounds=1
cp -r "$kept/home" fresh
version() { sqlite3 "$1/store/antin.sqlite" 'PRAGMA user_version'; }
newest=$(ls "$(dirname "$0")"/../../schemas/store/*.sql | wc -l)
[ "$(version fresh)" -lt "$newest" ] || die "the kept home is of the newest version"

# ---- On a copy: what it will become, and not an octet of the home is another one.
cp -r fresh "$ANTIN_HOME"
before=$(cd "$ANTIN_HOME" && find . -type f -not -name '*-shm' -not -name '*-wal' -exec sha256sum {} + | sort)
expect 0 antin store check --json
grep -F "\"version\":$(version fresh),\"newest\":$newest,\"migrates\":true" last.out >/dev/null || { cat last.out; die "store check tells other versions"; }
expect 0 antin store check --lang vi
[ "$(cd "$ANTIN_HOME" && find . -type f -not -name '*-shm' -not -name '*-wal' -exec sha256sum {} + | sort)" = "$before" ] || die "store check changed the home"
ls "${TMPDIR:-/tmp}" | grep '^antin-check-' && die "the copy was left" || true
# A copy that would not verify says so before anything happens to the home.
sqlite3 "$ANTIN_HOME/store/antin.sqlite" "UPDATE certificate SET der = der || x'00' WHERE seq = (SELECT max(seq) FROM certificate)"
expect 1 antin store check
[ "$(version "$ANTIN_HOME")" = "$(version fresh)" ] || die "store check migrated"
sqlite3 "$ANTIN_HOME/store/antin.sqlite" "DROP TABLE fact"
expect 1 antin store check

# ---- Killed.
rm -rf "$ANTIN_HOME"
cp -r fresh "$ANTIN_HOME"
changes_of migrate.log log verify
[ "$(version "$ANTIN_HOME")" = "$newest" ] || die "log verify did not migrate"
points migrate.log "$rounds" >migrate.points
echo "$(wc -l <migrate.points) of $(wc -l <migrate.log) changes"
for at in $(cat migrate.points); do
  rm -rf "$ANTIN_HOME"
  cp -r fresh "$ANTIN_HOME"
  killed_at "$at" log verify
  cp -r "$ANTIN_HOME" looked_at
  [ "$(sqlite3 looked_at/store/antin.sqlite 'PRAGMA integrity_check')" = ok ] || die "$moment: the store is damaged"
  now=$(version looked_at)
  [ "$now" = "$(version fresh)" ] || [ "$now" = "$newest" ] || die "$moment: the store is of version $now, neither old nor new"
  rm -r looked_at
  expect 0 antin log verify
  [ "$(version "$ANTIN_HOME")" = "$newest" ] || die "$moment: the next run did not end it"
  expect 0 antin store check --json
  grep -F '"migrates":false' last.out >/dev/null || die "$moment: it would migrate again"
done
enough_landed $(($(wc -l <migrate.points) / 2))
