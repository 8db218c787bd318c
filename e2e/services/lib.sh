# shellcheck shell=bash
# Shared by the scripts beside it; sourced, never run. It knows the cache, locks, pid files,
# ports and the verbs that every server has, and nothing of any one server.
set -euo pipefail

# shellcheck disable=SC2034
SERVICES_HOME=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
SERVICES_CACHE="${LEAT_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/leat}/services"
mkdir -p "$SERVICES_CACHE"

log() { printf '%s %s\n' "$(date +%H:%M:%S)" "$*" >&2; }
die() {
  log "ERROR: $*"
  exit 1
}

# need TOOL ENV HINT: the tool is on the PATH, or an error that says how to do without it.
need() {
  command -v "$1" >/dev/null 2>&1 && return 0
  die "$1 is not on the PATH: $3; or set $2 to the address of a server that is already running"
}

# once NAME COMMAND...: run COMMAND in one process at a time, machine-wide for this cache.
# The command must do nothing when another process has already done its work.
once() {
  local name=$1
  shift
  need flock "LEAT_E2E_MYSQL, LEAT_E2E_KAFKA and LEAT_E2E_REGISTRY" "install util-linux"
  # Descriptor 9 closes with the subshell; servers started meanwhile close their copy (spawn).
  (
    flock 9
    "$@"
  ) 9>"$SERVICES_CACHE/.$name.lock"
}

pid_alive() { [ -s "$1" ] && kill -0 "$(cat "$1")" 2>/dev/null; }

# stop_pid FILE SECONDS: TERM, wait, then KILL the one process the file names.
stop_pid() {
  local file=$1 tries=$(($2 * 10)) pid
  [ -s "$file" ] || return 0
  pid=$(cat "$file")
  kill -TERM "$pid" 2>/dev/null || true
  while kill -0 "$pid" 2>/dev/null; do
    ((tries-- > 0)) || {
      log "pid $pid ignored SIGTERM: killing it"
      kill -KILL "$pid" 2>/dev/null || true
      break
    }
    sleep 0.1
  done
  rm -f "$file"
}

# spawn PIDFILE LOGFILE COMMAND...: a session of its own, detached from this shell.
spawn() {
  local pidfile=$1 logfile=$2
  shift 2
  setsid "$@" >>"$logfile" 2>&1 </dev/null 9>&- &
  echo $! >"$pidfile"
  disown
}

# wait_for SECONDS PIDFILE COMMAND...: until COMMAND succeeds; gives up at once if the process is gone.
wait_for() {
  local tries=$(($1 * 10)) pidfile=$2
  shift 2
  until "$@" >/dev/null 2>&1; do
    pid_alive "$pidfile" && ((tries-- > 0)) || return 1
    sleep 0.1
  done
}

port_open() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# absolute DIR: makes the folder and prints its absolute path.
absolute() {
  mkdir -p "$1"
  (cd "$1" && pwd)
}

# copy_template FROM TO: TO appears complete or not at all, shared on disk where the file system can.
copy_template() {
  [ -e "$2" ] && return 0
  rm -rf "$2.new"
  cp -a --reflink=auto "$1" "$2.new"
  mv "$2.new" "$2"
}

# service NAME HOME VERB [ARG...]: the verbs of every server. The script supplies three functions:
#   fetch                        HOME is there (called under a lock, must be cheap when it is)
#   prepare DIR PORT [ARG...]    all that the server needs in DIR is there
#   serve DIR PORT [ARG...]      replaces this shell by the server, which logs to standard error
service() {
  local name=$1 home=$2 verb=${3:-usage} dir
  shift 2
  shift $(($# > 0))
  [ "$verb" = fetch ] || [ -n "${1:-}" ] || verb=usage
  case "$verb" in
  fetch)
    once "$name" fetch
    printf '%s\n' "$home"
    ;;
  run)
    dir=$(absolute "$1")
    shift
    once "$name" fetch
    prepare "$dir" "$@"
    serve "$dir" "$@"
    ;;
  start)
    dir=$(absolute "$1")
    shift
    start "$name" "$dir" "$@"
    ;;
  stop) stop_pid "$1/$name.pid" 60 ;;
  status)
    pid_alive "$1/$name.pid" || die "no $name runs in $1"
    echo "$name runs in $1, pid $(cat "$1/$name.pid")"
    ;;
  *) die "usage: $0 fetch | start DIR PORT [ARG...] | run DIR PORT [ARG...] | stop DIR | status DIR" ;;
  esac
}

# start NAME DIR PORT [ARG...]: the server in the background, its pid and log in DIR.
start() {
  local name=$1 dir=$2 port=${3:?which port to listen on}
  shift 2
  ! pid_alive "$dir/$name.pid" || die "$dir: a $name runs there already: stop it or choose another folder"
  # Here and not only in the child, so that what goes wrong is shown.
  once "$name" fetch
  prepare "$dir" "$@"
  spawn "$dir/$name.pid" "$dir/$name.log" "$0" run "$dir" "$@"
  wait_for 120 "$dir/$name.pid" port_open "$port" || {
    tail -n 20 "$dir/$name.log" >&2
    die "$name did not open port $port: see above, and $dir/$name.log"
  }
  log "$name is up at 127.0.0.1:$port, pid $(cat "$dir/$name.pid")"
}
