# The demo's folder: ours alone, one run at a time, and no daemon left behind.

mark=.antin-demo
daemon_pid=

# Jobs that must be alone on a home keep a lock with their pid in it (docs/formats/home.md). Held here until everything is
# gone, so that none begins in a folder that is being emptied.
locks=(init.lock ca/authority.lock service/antind.lock)
held=()

hold_locks() {
  local lock file pid
  for lock in "${locks[@]}"; do
    [ -e "$home/$lock" ] || continue
    exec {file}<"$home/$lock"
    if ! flock -n "$file"; then
      pid=$(tr -cd '0-9' <"$home/$lock")
      say "tiến trình ${pid:-?} đang dùng $home ($lock): hãy dừng nó trước (kill ${pid:-?})" \
        "process ${pid:-?} is using $home ($lock): stop it first (kill ${pid:-?})" >&2
      exit 1
    fi
    held+=("$file")
  done
}

release_locks() {
  local file
  for file in "${held[@]}"; do exec {file}<&-; done
  held=()
}

claim_home() {
  if [ -d "$home" ] && [ -n "$(ls -A "$home")" ] && [ ! -e "$home/$mark" ]; then
    say "$home không phải do bản trình diễn tạo ra: hãy chọn thư mục khác bằng --home" "$home was not made by this demo: choose another folder with --home" >&2
    exit 1
  fi
  mkdir -p "$home"
  exec 9>>"$home/$mark"
  if ! flock -n 9; then
    say "một bản trình diễn khác đang dùng $home: hãy kết thúc nó trước" "another demo is using $home: end it first" >&2
    exit 1
  fi
  hold_locks
  # Starting over: everything goes but the mark that is locked.
  find "$home" -mindepth 1 -maxdepth 1 ! -name "$mark" -exec rm -rf {} +
  release_locks
  trap leave EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  work=$home/work
  mkdir -p "$work" "$home/out/signed" "$home/out/dossiers"
}

stop_daemon() {
  [ -n "$daemon_pid" ] || return 0
  kill "$daemon_pid" 2>/dev/null || true
  wait "$daemon_pid" 2>/dev/null || true
  daemon_pid=
}
