# shellcheck shell=bash
# Servers that run on Java, fetched by Maven with whatever mirror its settings name.
# Sourced, never run. Needs lib.sh.
#
# Maven is told to refuse a file whose checksum differs from the repository's; on top of that
# each download must match the SHA-256 pinned beside these scripts.

JAVA_LEAST=17

# java_ready ENV: java is there and new enough, or an error that names the variable to use instead.
java_ready() {
  local version
  need java "$1" "install default-jre-headless"
  version=$(java -version 2>&1 | sed -nE 's/.* version "([0-9]+).*/\1/p')
  [ "${version:-0}" -ge "$JAVA_LEAST" ] ||
    die "java is version ${version:-unknown}, and $JAVA_LEAST or later is needed: install default-jre-headless; or set $1 to the address of a server that is already running"
}

# maven ARGS...: quiet, strict on checksums, its answer on standard error.
maven() {
  need mvn "LEAT_E2E_KAFKA and LEAT_E2E_REGISTRY" "install maven"
  mvn -q -B -Dstyle.color=never --strict-checksums "$@" >&2 || die "mvn $*: see above"
}

# pinned LIST DIR: DIR holds the files of LIST, each with the checksum it gives, and no other.
pinned() {
  (cd "$2" && sha256sum --quiet --strict -c "$1" >&2) || die "$2 is not what $1 pins: see above"
  local extra
  extra=$(cd "$2" && find . -type f -printf '%P\n' | grep -vxFf <(awk '{ print $2 }' "$1")) || return 0
  die "$2 holds files that $1 does not pin: $extra"
}
