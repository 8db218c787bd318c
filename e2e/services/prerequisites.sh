#!/usr/bin/env bash
# What the servers need of the machine: Java, Maven and a few small tools. Installs by apt what
# is missing when run as root on Debian or Ubuntu; otherwise says what to install.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

declare -A PACKAGE=([java]=default-jre-headless [mvn]=maven [flock]=util-linux [git]=git [make]=make [gcc]=gcc)

missing=()
for tool in java mvn flock git make gcc; do
  command -v "$tool" >/dev/null 2>&1 || missing+=("${PACKAGE[$tool]}")
done
[ -e /etc/ssl/certs/ca-certificates.crt ] || missing+=(ca-certificates)
# The race detector links against the C library's headers.
[ -e /usr/include/stdlib.h ] || missing+=(libc6-dev)
[ ${#missing[@]} -gt 0 ] || exit 0
{ [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; } ||
  die "missing on this machine: install the packages ${missing[*]} (their names on Debian and Ubuntu) and try again"

log "installing ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
apt-get -q update >&2
apt-get -q install -y --no-install-recommends "${missing[@]}" >&2
