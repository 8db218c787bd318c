#!/usr/bin/env bash
# A real MySQL server, as Debian packages it, on 127.0.0.1. Nothing is installed.
#
#   mysql.sh fetch                       unpack it into the cache; prints the folder
#   mysql.sh start DIR PORT [FLAG...]    start one with its data in DIR; FLAGs go to mysqld
#   mysql.sh stop|status DIR
#   mysql.sh cli DIR [ARG...]            the mysql client, as root
#   mysql.sh dump DIR [ARG...]           mysqldump, as root
#   mysql.sh run DIR PORT [FLAG...]      as start, but in the foreground, for a caller that watches it
#
# root has no password; cdc/cdc may do what capturing needs and no more; app/app may do all.
# LEAT_MYSQLD names a mysqld to use instead of the fetched one (8.0 or later).
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
. "$SERVICES_HOME/debian.sh"

ROOT="$SERVICES_CACHE/mysql"
MYSQLD="${LEAT_MYSQLD:-$ROOT/bin/mysqld}"

fetch() {
  [ -x "$MYSQLD" ] && return 0
  debian_tools LEAT_E2E_MYSQL
  log "fetching MySQL into $ROOT"
  debian_unpack "${LEAT_MYSQL_SUITE:-sid}" "$ROOT" mysql-server-core mysql-client-core
  local binary
  for binary in usr/bin/mysql usr/bin/mysqlbinlog usr/bin/mysqldump usr/bin/mysqladmin usr/sbin/mysqld; do
    debian_wrap "$ROOT" "$binary"
  done
}

# places: the folders that a private copy cannot find at their compiled-in paths.
places() {
  [ -n "${LEAT_MYSQLD:-}" ] && return 0
  cat <<CNF
basedir=$ROOT/usr
plugin_dir=$ROOT/usr/lib/mysql/plugin
character_sets_dir=$ROOT/usr/share/mysql/charsets
lc_messages_dir=$ROOT/usr/share/mysql
CNF
}

# configure DIR PORT: DIR/my.cnf. Only what differs from the defaults of 8.0 and later.
configure() {
  [ "${#1}" -lt 90 ] || die "$1: a unix socket's path has at most 107 bytes: use a shorter folder"
  cat >"$1/my.cnf" <<CNF
[mysqld]
$(places)
datadir=$1/data
tmpdir=$1/tmp
socket=$1/mysql.sock
pid_file=$1/mysqld.internal.pid
# The compiled-in default need not exist, and mysqld refuses to start without it.
secure_file_priv=
bind_address=127.0.0.1
port=$2
mysqlx=OFF
skip_name_resolve=ON
max_connections=200
max_allowed_packet=256M
local_infile=ON
character_set_server=utf8mb4
default_time_zone=+00:00
server_id=$2
log_bin=binlog
gtid_mode=ON
enforce_gtid_consistency=ON
binlog_row_image=FULL
binlog_row_metadata=FULL
log_replica_updates=ON
# Durability against power loss only costs time here; a killed process loses nothing.
innodb_flush_log_at_trx_commit=2
sync_binlog=0
innodb_redo_log_capacity=${LEAT_MYSQL_REDO:-128M}
innodb_buffer_pool_size=${LEAT_MYSQL_BUFFER_POOL:-128M}
CNF
}

# users: one statement a line, as mysqld's init file wants them.
users() {
  echo "CREATE USER root@'127.0.0.1' IDENTIFIED BY '';"
  echo "GRANT ALL ON *.* TO root@'127.0.0.1' WITH GRANT OPTION;"
  cat "$SERVICES_HOME/users.sql"
  echo "SHUTDOWN;"
}

# as_root: a flag or nothing. Started by root, mysqld wants to be told that it is meant.
as_root() { [ "$(id -u)" != 0 ] || echo --user=root; }

# mysqld DIR FLAG...: to its end, quietly unless it fails.
mysqld() {
  local dir=$1
  shift
  # shellcheck disable=SC2046
  "$MYSQLD" --defaults-file="$dir/my.cnf" $(as_root) "$@" >"$dir/mysqld.log" 2>&1 || {
    tail -n 20 "$dir/mysqld.log" >&2
    die "$MYSQLD $*: see above"
  }
}

# template: an initialised data folder, its users made without a trace in the binlog, to be copied.
template() {
  [ -e "$TEMPLATE" ] && return 0
  local work="$TEMPLATE.work"
  # shellcheck disable=SC2064
  trap "rm -rf '$work'" EXIT
  rm -rf "$work"
  mkdir -p "$work/tmp"
  LEAT_MYSQL_REDO=8M configure "$work" 1
  log "initialising $TEMPLATE"
  mysqld "$work" --initialize-insecure
  users >"$work/users.sql"
  mysqld "$work" --skip-networking --disable-log-bin --gtid-mode=OFF --enforce-gtid-consistency=OFF --init-file="$work/users.sql"
  # Every copy makes its own UUID and begins its own binlog.
  rm -f "$work/data/auto.cnf" "$work"/data/binlog.*
  mv "$work/data" "$TEMPLATE"
}

prepare() {
  # Versions of the server and edits of this script never share a template.
  TEMPLATE="$SERVICES_CACHE/mysql-data-$({
    "$MYSQLD" --no-defaults --version | sed "s|^.* Ver ||"
    cat "$0" "$SERVICES_HOME/users.sql"
  } | sha256sum | cut -c1-12)"
  once mysql-template template
  mkdir -p "$1/tmp"
  copy_template "$TEMPLATE" "$1/data"
  configure "$1" "$2"
}

serve() {
  local dir=$1
  shift 2
  # shellcheck disable=SC2046
  exec "$MYSQLD" --defaults-file="$dir/my.cnf" $(as_root) "$@"
}

[ "${1:-}" != cli ] || exec "$ROOT/bin/mysql" --no-defaults -uroot -S "${2:?whose server}/mysql.sock" "${@:3}"
[ "${1:-}" != dump ] || exec "$ROOT/bin/mysqldump" --no-defaults -uroot -S "${2:?whose server}/mysql.sock" "${@:3}"
service mysql "$ROOT" "$@"
