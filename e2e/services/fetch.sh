#!/usr/bin/env bash
# Fetches every server that the end-to-end tests start, all at once; a second run does nothing.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# fetched NAME: the server, unless its variable gives one that is already running.
fetched() {
  local variable="LEAT_E2E_${1^^}"
  [ -n "${!variable:-}" ] || "$SERVICES_HOME/$1.sh" fetch >/dev/null
}

pids=()
for name in mysql mariadb kafka registry connect haproxy; do
  fetched "$name" &
  pids+=($!)
done
for pid in "${pids[@]}"; do
  wait "$pid" || failed=1
done
[ -z "${failed:-}" ] || die "not every server could be fetched: see above"
log "the servers are in $SERVICES_CACHE"
