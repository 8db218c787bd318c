#!/usr/bin/env bash
# A real MariaDB server, as Debian packages it, on 127.0.0.1. Nothing is installed.
#
#   mariadb.sh fetch                       unpack it into the cache; prints the folder
#   mariadb.sh start DIR PORT [FLAG...]    start one with its data in DIR; FLAGs go to mariadbd
#   mariadb.sh stop|status DIR
#   mariadb.sh cli DIR [ARG...]            the mariadb client, as root
#   mariadb.sh run DIR PORT [FLAG...]      as start, but in the foreground, for a caller that watches it
#
# Users are as in mysql.sh. LEAT_MARIADBD names a mariadbd to use instead of the fetched one.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
. "$SERVICES_HOME/debian.sh"

ROOT="$SERVICES_CACHE/mariadb"
MARIADBD="${LEAT_MARIADBD:-$ROOT/bin/mariadbd}"

fetch() {
  [ -x "$MARIADBD" ] && return 0
  debian_tools LEAT_E2E_MARIADB
  log "fetching MariaDB into $ROOT"
  debian_unpack "${LEAT_MARIADB_SUITE:-trixie}" "$ROOT" mariadb-server-core mariadb-client-core
  local binary
  for binary in usr/bin/mariadb usr/bin/mariadb-binlog usr/sbin/mariadbd; do
    debian_wrap "$ROOT" "$binary"
  done
}

# share: the folder with the server's messages and the SQL that makes its system tables.
share() {
  local prefix=$ROOT/usr file
  [ -z "${LEAT_MARIADBD:-}" ] || prefix=$(dirname "$(dirname "$(readlink -f "$MARIADBD")")")
  for file in "$prefix"/share/{mariadb,mysql}/{mariadb,mysql}_system_tables.sql; do
    [ ! -e "$file" ] || {
      dirname "$file"
      return 0
    }
  done
  die "$MARIADBD: no system tables found beside it, in $prefix/share: install the whole server"
}

configure() {
  [ "${#1}" -lt 90 ] || die "$1: a unix socket's path has at most 107 bytes: use a shorter folder"
  local share
  share=$(share) || exit 1
  cat >"$1/my.cnf" <<CNF
[mariadbd]
lc_messages_dir=$share
character_sets_dir=$share/charsets
datadir=$1/data
tmpdir=$1/tmp
socket=$1/mysql.sock
pid_file=$1/mariadbd.internal.pid
bind_address=127.0.0.1
port=$2
skip_name_resolve=ON
max_connections=200
max_allowed_packet=256M
local_infile=ON
character_set_server=utf8mb4
default_time_zone=+00:00
server_id=$2
log_bin=binlog
binlog_format=ROW
binlog_row_image=FULL
binlog_row_metadata=FULL
log_slave_updates=ON
gtid_strict_mode=ON
innodb_flush_log_at_trx_commit=2
sync_binlog=0
innodb_buffer_pool_size=128M
CNF
}

# system_tables: what mariadb-install-db would feed to a bootstrapping server; that script itself
# is bound to the paths of an installation.
system_tables() {
  local share file name
  share=$(share) || exit 1
  printf '%s\n' 'CREATE DATABASE IF NOT EXISTS mysql;' 'USE mysql;' 'SET @auth_root_socket=NULL;'
  for name in system_tables performance_tables system_tables_data maria_add_gis_sp_bootstrap sys_schema; do
    for file in "$share/mariadb_$name.sql" "$share/mysql_$name.sql" "$share/$name.sql"; do
      [ ! -e "$file" ] || {
        cat "$file"
        break
      }
    done
  done
}

users() {
  echo "CREATE USER IF NOT EXISTS root@'127.0.0.1' IDENTIFIED BY '';"
  echo "GRANT ALL ON *.* TO root@'127.0.0.1' WITH GRANT OPTION;"
  cat "$SERVICES_HOME/users.sql"
  echo "SHUTDOWN;"
}

as_root() { [ "$(id -u)" != 0 ] || echo --user=root; }

# mariadbd DIR FLAG...: to its end, quietly unless it fails.
mariadbd() {
  local dir=$1
  shift
  # shellcheck disable=SC2046
  "$MARIADBD" --defaults-file="$dir/my.cnf" $(as_root) --skip-log-bin --gtid-strict-mode=OFF "$@" >"$dir/mariadbd.log" 2>&1 || {
    tail -n 20 "$dir/mariadbd.log" >&2
    die "$MARIADBD $*: see above"
  }
}

# template: an initialised data folder with its users, to be copied.
template() {
  [ -e "$TEMPLATE" ] && return 0
  local work="$TEMPLATE.work"
  # shellcheck disable=SC2064
  trap "rm -rf '$work'" EXIT
  rm -rf "$work"
  mkdir -p "$work/tmp" "$work/data"
  configure "$work" 1
  log "initialising $TEMPLATE"
  system_tables >"$work/system.sql"
  mariadbd "$work" --bootstrap <"$work/system.sql"
  users >"$work/users.sql"
  mariadbd "$work" --skip-networking --init-file="$work/users.sql"
  mv "$work/data" "$TEMPLATE"
}

prepare() {
  TEMPLATE="$SERVICES_CACHE/mariadb-data-$({
    "$MARIADBD" --no-defaults --version | sed "s|^.* Ver ||"
    cat "$0" "$SERVICES_HOME/users.sql"
  } | sha256sum | cut -c1-12)"
  once mariadb-template template
  mkdir -p "$1/tmp"
  copy_template "$TEMPLATE" "$1/data"
  configure "$1" "$2"
}

serve() {
  local dir=$1
  shift 2
  # shellcheck disable=SC2046
  exec "$MARIADBD" --defaults-file="$dir/my.cnf" $(as_root) "$@"
}

[ "${1:-}" != cli ] || exec "$ROOT/bin/mariadb" --no-defaults -uroot -S "${2:?whose server}/mysql.sock" "${@:3}"
service mariadb "$ROOT" "$@"
