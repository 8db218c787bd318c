#!/usr/bin/env bash
# A real HAProxy, as Debian packages it. Nothing is installed.
#
#   haproxy.sh fetch                     unpack it into the cache; prints the folder
#   haproxy.sh start DIR PORT CONFIG     start one with its pid file, socket and log in DIR
#   haproxy.sh stop|status DIR
#   haproxy.sh run DIR PORT CONFIG       as start, but in the foreground, for a caller that watches it
#
# CONFIG takes the port from ${HAPROXY_PORT}, the path of its socket for commands from
# ${HAPROXY_SOCKET}, and what else it needs from the environment of the caller.
# LEAT_HAPROXY names a haproxy to use instead of the fetched one (2.4 or later).
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
. "$SERVICES_HOME/debian.sh"

ROOT="$SERVICES_CACHE/haproxy"
HAPROXY="${LEAT_HAPROXY:-$ROOT/bin/haproxy}"

fetch() {
  [ -x "$HAPROXY" ] && return 0
  [ -z "${LEAT_HAPROXY:-}" ] || die "LEAT_HAPROXY: $HAPROXY cannot be run"
  local tool
  for tool in apt-get dpkg flock; do
    command -v "$tool" >/dev/null || die "$tool is not on the PATH: HAProxy is taken from Debian's packages, so fetching it needs Debian or Ubuntu; or set LEAT_HAPROXY to the path of a haproxy"
  done
  log "fetching HAProxy into $ROOT"
  debian_unpack "${LEAT_HAPROXY_SUITE:-trixie}" "$ROOT" haproxy
  debian_wrap "$ROOT" usr/sbin/haproxy
}

prepare() {
  [ "${#1}" -lt 90 ] || die "$1: a unix socket's path has at most 107 bytes: use a shorter folder"
  [ -r "${3:-}" ] || die "${3:-no configuration}: cannot be read"
}

serve() {
  export HAPROXY_PORT=$2 HAPROXY_SOCKET=$1/haproxy.sock
  exec "$HAPROXY" -db -f "$3"
}

service haproxy "$ROOT" "$@"
